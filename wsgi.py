"""Floor 6: settings in, wired app out."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

import config
from config.settings import Settings, get_settings

FLOORS = ("accounts", "hotline", "knowledge_base", "dispatch", "reports", "console")


def create_app(settings: Settings | None = None, floors: tuple[str, ...] = FLOORS) -> Flask:
    """The hotline as a WSGI application. `gunicorn "wsgi:create_app()"` serves it."""
    app = Flask("hotline", root_path=str(config.ROOT / "console"))
    config.init_app(app, settings or get_settings())
    for floor in floors:
        import_module(floor).init_app(app)
    return app
