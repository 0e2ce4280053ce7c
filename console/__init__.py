"""Floor 5: the shell of every page, the agent's workbench, and who hears which live message."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from config.navigation import add_page


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from console import demonstration, permissions, shell, sockets, views  # noqa: F401 - rows of the table

    app.register_blueprint(views.blueprint)
    shell.init_app(app)
    sockets.init_app()
    demonstration.init_app(app)
    add_page("console.today", _l("Today"), "console:use", order=5)
    add_page("console.workbench", _l("Workbench"), "console:workbench", order=10)
