"""The API answers rubbish with a problem document (RFC 9457), and nothing is stored."""

from __future__ import annotations

import base64
import itertools
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.models import RoleGrant
from accounts.models.token import SCOPES
from accounts.roles import Role
from accounts.services.tokens import create_token
from config.extensions import db
from dispatch.api.schemas import ActionIn, CaseIn
from dispatch.models import Case
from dispatch.workflow import TRANSITIONS, Action, CaseState
from tests.factories.dispatch import make_case, make_staff
from tests.rubbish.doors import EVERYTHING, PLACES, WORDS

BODY = {"title": "路灯不亮", "content": "三天没亮", "category_code": "0305", "phone": "13912340042"}
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**30,
    1e308,
    "",
    "x" * 100_000,
    "a\x00b",
    "\ud800",
    "²",
    "2026-99-99T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    [],
    ["x"] * 60,
    [[[]]],
    {},
    {"a": {"b": "c"}},
)
RAW = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"1e999",
    b"NaN",
    b'"x"',
    b"[" * 20_000,
    b'{"a":' * 5000,
    b'{"title": NaN}',
    b'{"title": 1e999, "title": 2}',
    b"\xff\xfe{}",
    b"title=x",
    json.dumps({**BODY, "latitude": 10**400}).encode(),
    b'{"version": ' + b"9" * 6000 + b"}",
)
CURSORS = (
    "!!!",
    "e30",
    "W10",
    "WzAsMV0",
    "x" * 5000,
    "[" * 3000,
    "[0,null,null]",
    '[0,"0001-01-01",99]',
    "[2,1,1]",
)
TYPES = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
    "x",
)


@pytest.fixture
def staff(app):
    return make_staff()


@pytest.fixture
def api(app, client, staff):
    """`api(method, path)` → the answer's status; anything but a problem document for a refusal is collected."""
    token, plain = create_token("对端系统", SCOPES)
    token.person.grants.append(RoleGrant(role=Role.DISPATCHER))
    db.session.commit()
    broken: list[str] = []

    def ask(method: str, path: str, **sent: Any) -> int:
        about = {"Authorization": f"Bearer {plain}", **sent.pop("headers", {})}
        told = f"{method} {path[:120]} {str(sent)[:120]}"
        try:
            answer = client.open(f"/api/v1{path}", method=method, headers=about, **sent)
        except Exception as error:
            db.session.rollback()
            broken.append(f"{told}: {type(error).__name__}: {str(error)[:120]}")
            return 0
        body = answer.get_json(silent=True) if answer.status_code >= 400 else None
        if answer.status_code >= 400 and not (
            answer.mimetype == "application/problem+json"
            and isinstance(body, dict)
            and {"type", "title", "status", "detail", "instance"} <= set(body)
            and body["status"] == answer.status_code < 500
        ):
            broken.append(f"{told}: {answer.status_code} {answer.mimetype}")
        return answer.status_code

    ask.broken = broken
    return ask


def few(place: int) -> tuple[Any, ...]:
    """A part of the values, another at each place."""
    return VALUES if EVERYTHING else VALUES[place % 6 :: 6]


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def written(app) -> list[tuple[str, str]]:
    """Every address of the API that takes a body, filled with a case that is there."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    return [(rule.rule.removeprefix("/api/v1"), "POST") for rule in rules if "POST" in rule.methods]


def filled(path: str, case: Case, action: str = "dispatch") -> str:
    return path.replace("<case_no>", case.case_no).replace("<action>", action)


def test_bodies_of_every_wrong_shape_are_problems_and_store_nothing(app, api, staff):
    case = make_case(staff=staff)
    before, version = cases(), case.version
    for (path, method), raw, kind in itertools.product(written(app), RAW, TYPES):
        assert api(method, filled(path, case), data=raw, content_type=kind) not in (200, 201), (
            path,
            raw[:40],
            kind,
        )
    assert api.broken == []
    assert (cases(), case.version) == (before, version)


def test_a_field_of_every_wrong_type_is_a_problem(app, api, staff):
    case = make_case(staff=staff)
    for name, value in (
        (one, value) for place, one in enumerate(CaseIn.model_fields) for value in few(place)
    ):
        api("POST", "/cases", data=json.dumps({**BODY, name: value}), content_type="application/json")
    for action, value in ((one, value) for place, one in enumerate(Action) for value in few(place)):
        for sent in (
            {"data": value},
            {"version": value},
            {"data": {"lead": value, "note": value, "days": value}},
        ):
            path = f"/cases/{case.case_no}/actions/{action.value}"
            api("POST", path, data=json.dumps(sent), content_type="application/json")
    assert set(ActionIn.model_fields) == {"data", "version"}, "say here what else may be wrong"
    assert api.broken == []


def test_every_field_of_every_action_may_be_rubbish(api, staff):
    start = {state: make_case(state, staff).case_no for state in CaseState}
    for place, row in enumerate(TRANSITIONS):
        for state, value in itertools.product(sorted(row.sources)[:2], few(place)):
            data = dict.fromkeys((*row.needs, *row.takes), value)
            path = f"/cases/{start[state]}/actions/{row.action.value}"
            api("POST", path, data=json.dumps({"data": data}), content_type="application/json")
    assert api.broken == []


def test_addresses_filters_cursors_and_headers_may_be_rubbish(app, api, staff):
    make_case(staff=staff)
    cursors = [*CURSORS, *(base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in CURSORS)]
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "GET" not in rule.methods:
            continue
        path = rule.rule.removeprefix("/api/v1")
        for place in PLACES:
            api("GET", "/".join(place if part.startswith("<") else part for part in path.split("/")))
        names = ("state", "department", "since", "limit", "from", "to", "first", "last", "cursor", "x")
        if not rule.arguments:
            for name, word in itertools.product(names, WORDS):
                api("GET", path, query_string={name: word})
            for cursor, since in itertools.product(cursors, ({}, {"since": "2026-01-01T00:00:00Z"})):
                api("GET", path, query_string={"cursor": cursor, **since})
    for word in ("", "x" * 10_000, "²", "Bearer", "Bearer ²", "Bearer " + "x" * 10_000):
        assert api("GET", "/cases", headers={"Authorization": word.encode().decode("latin-1")}) == 401
    for word in ("x" * 256, "\x01", "²"):
        api("POST", "/cases", json=BODY, headers={"Idempotency-Key": word.encode().decode("latin-1")})
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PURGE"):
        assert api(method, "/cases") == 405
    assert api("GET", "/nowhere") == 404
    assert api.broken == []
