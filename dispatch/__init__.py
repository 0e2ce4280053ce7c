"""Floor 3: cases from registration to archive (业务处理子系统)."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from dispatch import (  # noqa: F401 - tables, rows, effects, slots
        calls,
        cli,
        models,
        permissions,
        services,
        used_knowledge,
        verbs,
    )
    from dispatch.api import base, cases, codes, knowledge, pages  # noqa: F401 - endpoints

    app.cli.add_command(cli.cases)
    base.register(app, base.blueprint)

    from dispatch import views

    views.init_app(app)
