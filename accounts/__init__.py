"""Floor 1: people, roles, permissions, the department tree, sign-in, the audit trail (认证鉴权)."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError

from config.errors import Unauthorised
from config.navigation import add_page
from config.web.problems import stale_form


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from accounts import access, cli, jobs, models, verbs, views  # noqa: F401 - tables, verbs, periodic jobs
    from accounts.measures import audit_trail
    from accounts.services.sessions import load_person
    from config.web import add_measure

    login = LoginManager(app)
    login.session_protection = None  # our own session rows know when a session ends
    login.user_loader(load_person)
    access.register()
    app.register_error_handler(CSRFError, _signed_out_or_stale)
    app.register_blueprint(views.blueprint)
    cli.init_app(app)
    add_measure("audit trail", audit_trail)
    app.extensions.setdefault("page_styles", []).append("/static/css/accounts.css")
    _add_pages()


def _signed_out_or_stale(error: CSRFError) -> Any:
    """With the session its token is gone too: who is signed out hears that, not that the page is old."""
    from accounts.identity import current_person_or_none

    view = current_app.view_functions.get(request.endpoint or "")
    if current_person_or_none() is None and getattr(view, "access", ("", ""))[0] != "public":
        return current_app.handle_user_exception(Unauthorised(_("Please sign in.")))
    return stale_form(error)


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
