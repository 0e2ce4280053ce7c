"""Floor 1: people, roles, permissions, the department tree, sign-in, the audit trail (认证鉴权)."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager

from config.navigation import add_page


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from accounts import access, cli, jobs, models, verbs, views  # noqa: F401 - tables, verbs, periodic jobs
    from accounts.services.sessions import load_person

    login = LoginManager(app)
    login.session_protection = None  # our own session rows know when a session ends
    login.user_loader(load_person)
    access.register()
    app.register_blueprint(views.blueprint)
    cli.init_app(app)
    app.extensions.setdefault("page_styles", []).append("/static/css/accounts.css")
    _add_pages()


def _add_pages() -> None:
    """The administration menu."""
    for endpoint, label, permission, order in (
        ("accounts.people", _l("People"), "person:list", 10),
        ("accounts.departments", _l("Department tree"), "department:list", 20),
        ("accounts.permissions", _l("Permissions"), "permission:read", 30),
        ("accounts.tokens", _l("API tokens"), "token:list", 40),
        ("accounts.trail", _l("Audit trail"), "audit:read", 50),
    ):
        add_page(endpoint, label, permission, order, group="administration")
