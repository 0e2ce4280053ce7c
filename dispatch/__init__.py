"""Floor 3: cases from registration to archive (业务处理子系统)."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from dispatch import cli, models, permissions, services, verbs  # noqa: F401 - tables, rows, effects
    from dispatch.api import base, cases, codes, pages  # noqa: F401 - endpoints

    app.cli.add_command(cli.cases)
    base.register(app, base.blueprint)

    from config.navigation import add_page
    from dispatch import views
    from dispatch.queries import Desk

    app.register_blueprint(views.blueprint)
    for order, desk in enumerate(Desk, start=20):
        add_page(
            views.desks.ENDPOINTS[desk],
            desk._label,
            f"desk:{desk.value}",
            order,
            counter=views.desks.counter(desk),
        )
    add_page("dispatch.case_search", _l("Cases"), "case:list", 40)
