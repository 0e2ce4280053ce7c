"""Floor 1: people, roles, permissions, the department tree, sign-in, the audit trail (认证鉴权)."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from accounts import models, permissions, verbs, views  # noqa: F401 - tables and verbs
    from accounts.services.sessions import load_person

    login = LoginManager(app)
    login.session_protection = None  # our own session rows know when a session ends
    login.user_loader(load_person)
    permissions.allow("account:own", permissions.anyone)
    app.register_blueprint(views.blueprint)
