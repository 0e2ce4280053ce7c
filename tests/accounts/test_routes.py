"""Every door has a lock: each route names exactly one permission, scope, or that it is public."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from accounts.models.token import SCOPES
from accounts.permissions import may, table
from accounts.roles import Role
from tests.factories.accounts import make_person

ALL_ROLES = list(Role)
FLOOR_0 = {"health.healthz", "health.readyz", "metrics.metrics"}
"""Routes of the floor below this one, which cannot name a permission: they tell a load balancer that we live, and
figures to who has the token of the settings."""


def views(app: Flask) -> dict[str, Any]:
    """Endpoints with their view, but for files that everybody may have."""
    return {
        name: view
        for name, view in app.view_functions.items()
        if not name.endswith("static") and name not in FLOOR_0
    }


def test_every_route_carries_exactly_one_permission(app):
    bare = [name for name, view in views(app).items() if getattr(view, "access", None) is None]
    assert bare == []
    doubly = [name for name, view in views(app).items() if len(decorations(view)) != 1]
    assert doubly == []


def decorations(view: Any) -> list[Any]:
    """The accesses that each layer of decoration added: `functools.wraps` copies them, so only changes count."""
    found = []
    while view is not None:
        inner = getattr(view, "__wrapped__", None)
        access = view.__dict__.get("access") if hasattr(view, "__dict__") else None
        if access is not None and access != getattr(inner, "access", None):
            found.append(access)
        view = inner
    return found


def test_every_permission_that_a_route_names_is_in_the_table(app):
    named = {view.access[1] for view in views(app).values() if view.access[0] == "permission"}
    assert named <= set(table())


def test_every_scope_that_a_route_names_can_be_given_to_a_token(app):
    named = {view.access[1] for view in views(app).values() if view.access[0] == "scope"}
    assert named <= set(SCOPES)


def test_a_stranger_gets_no_page_that_is_not_public(app, client):
    for rule in app.url_map.iter_rules():
        view = views(app).get(rule.endpoint)
        if view is None or "GET" not in (rule.methods or ()) or rule.arguments or view.access[0] == "public":
            continue
        answer = client.get(rule.rule)
        assert answer.status_code in (302, 401), rule.rule
        if answer.status_code == 302:
            assert answer.location.startswith("/sign-in"), rule.rule


@pytest.mark.parametrize("role", ALL_ROLES)
def test_pages_open_for_whom_the_table_says_and_for_nobody_else(app, sign_in, role):
    person = make_person([role], totp_exempt=True)
    client = sign_in(person)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.endpoint.startswith("accounts.") or "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        if view.access[0] != "permission":
            continue
        status = client.get(rule.rule).status_code
        assert (status == 403) is not may(person, view.access[1]), (rule.rule, role, status)
