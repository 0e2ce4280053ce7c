"""Tokens of API clients: shown once, bounded by scope and time, revoked at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.models import ApiToken
from accounts.roles import Role
from accounts.services.tokens import authenticate, create_token, revoke_token
from config import clock as config_clock
from config.errors import Invalid, NotPermitted, Unauthorised
from config.extensions import db
from tests.factories.accounts import make_person


def come(app, header: str | None, scope: str = "cases:read"):
    headers = {"Authorization": header} if header is not None else {}
    with app.test_request_context("/api/v1/cases", headers=headers):
        return authenticate(scope)


@pytest.fixture
def token(app):
    return create_token("市监局系统", ["cases:read"], config_clock.now() + timedelta(days=1))


def test_a_token_opens_what_its_scope_says_and_nothing_else(app, token):
    row, plain = token
    assert come(app, f"Bearer {plain}") == row
    with pytest.raises(NotPermitted):
        come(app, f"Bearer {plain}", "cases:write")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer hl_x", "Bearer \xe9", "x" * 9999]
)
def test_without_a_token_nobody_comes_in(app, header):
    with pytest.raises(Unauthorised):
        come(app, header)


def test_a_token_ends_when_its_time_is_over(app, clock):
    _row, plain = create_token("短期", ["cases:read"], clock.at + timedelta(days=1))
    come(app, f"bearer {plain}")
    clock.advance(days=1)
    with pytest.raises(Unauthorised):
        come(app, f"Bearer {plain}")


def test_a_revoked_token_opens_nothing(app, token):
    row, plain = token
    revoke_token(row)
    with pytest.raises(Unauthorised):
        come(app, f"Bearer {plain}")


def test_an_unknown_scope_is_refused(app):
    with pytest.raises(Invalid):
        create_token("x", ["cases:destroy"])


def test_the_page_shows_the_token_once_and_the_database_only_its_hash(app, sign_in):
    security = sign_in(make_person([Role.SECURITY_ADMIN], totp_exempt=True))
    shown = security.post(
        "/administration/tokens/new",
        data={"name": "城管局系统", "scopes": ["cases:read", "kpis:read"], "days": "30"},
    )
    plain = re.search(r'data-copy="(hl_[^"]+)"', shown.text).group(1)
    row = db.session.query(ApiToken).one()
    assert plain not in row.token_hash
    assert row.scopes == ["cases:read", "kpis:read"]
    assert plain not in security.get("/administration/tokens").text
    assert "城管局系统" in security.get("/administration/tokens").text
    security.post(f"/administration/tokens/{row.id}/revoke")
    assert row.revoked_at is not None


def test_a_form_without_name_scope_or_life_makes_no_token(app, sign_in):
    security = sign_in(make_person([Role.SECURITY_ADMIN], totp_exempt=True))
    for data in (
        {},
        {"name": "x", "days": "30"},
        {"name": "x", "scopes": "nothing", "days": "30"},
        {"name": "x", "scopes": "cases:read", "days": "9999"},
    ):
        assert security.post("/administration/tokens/new", data=data).status_code == 422
    assert db.session.query(ApiToken).count() == 0
