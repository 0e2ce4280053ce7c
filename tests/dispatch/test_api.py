"""The API: the same table, the same refusals, problems as documents."""

from __future__ import annotations

import re

import pytest

from accounts.models import RoleGrant
from accounts.roles import Role
from accounts.services.tokens import create_token
from config.extensions import db
from dispatch.models import Case
from dispatch.workflow import Action, CaseState
from tests.factories.dispatch import make_case, make_staff

ALL_SCOPES = ("cases:read", "cases:write", "codes:read")
BODY = {
    "title": "路灯不亮",
    "content": "幸福路 12 号门前的路灯三天不亮。",
    "category_code": "0305",
    "phone": "13912340042",
    "citizen_name": "张三",
}


@pytest.fixture
def staff(app):
    return make_staff()


@pytest.fixture
def token(staff):
    return create_token("对端系统", ALL_SCOPES)


@pytest.fixture
def api(client, token):
    headers = {"Authorization": f"Bearer {token[1]}"}

    def call(method, path, headers_more=None, **more):
        return client.open(
            f"/api/v1{path}", method=method, headers={**headers, **(headers_more or {})}, **more
        )

    return call


def test_a_case_is_registered_and_can_be_followed(api):
    made = api("POST", "/cases", json=BODY)
    assert made.status_code == 201
    assert made.json["state"] == "pending_dispatch"
    assert made.json["contact_phone_masked"] == "139****0042"
    assert len(made.json["query_code"]) == 6
    case_no = made.json["case_no"]
    assert api("GET", f"/cases/{case_no}").json["title"] == "路灯不亮"
    said = api("GET", f"/cases/{case_no}/timeline").json["items"]
    assert [line["action"] for line in said] == ["register"]
    assert "query_code" not in api("GET", f"/cases/{case_no}").json


def test_a_retried_request_makes_one_case(api):
    key = {"Idempotency-Key": "a1"}
    first, second = (api("POST", "/cases", key, json=BODY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["case_no"] == second.json["case_no"]


def test_a_key_that_comes_again_with_another_request_is_refused(api):
    key = {"Idempotency-Key": "a2"}
    api("POST", "/cases", key, json=BODY)
    answer = api("POST", "/cases", key, json={**BODY, "title": "另一件事"})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["Idempotency-Key"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}])
def test_without_a_good_token_nothing_is_told(client, staff, headers):
    answer = client.get("/api/v1/cases", headers=headers)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_a_token_without_the_scope_is_refused(client, staff):
    _row, plain = create_token("只读", ("codes:read",))
    answer = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {plain}"})
    assert (answer.status_code, answer.json["scope"]) == (403, "cases:read")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "\u202e\u200b"}, "title"),
        ({"category_code": "9999"}, "category_code"),
        ({"urgency": "very"}, "urgency"),
        ({"colour": "red"}, "colour"),
        ({"phone": "12ab"}, "phone"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "occurred_at"),
        ({"street_code": "nowhere"}, "street_code"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api, changes, field):
    answer = api("POST", "/cases", json={**BODY, **changes})
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert answer.mimetype == "application/problem+json"
    assert db.session.query(Case).count() == 0


@pytest.mark.parametrize("body", [b"{", b"[1]", b"null", b'"x"', b"[" * 5000])
def test_a_body_that_is_no_object_is_named(api, body):
    answer = api("POST", "/cases", data=body, content_type="application/json")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["body"])


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "since=soon",
        "cursor=rubbish",
        "cursor=e30",
        "limit=0",
        "limit=many",
        "department=none",
        "x=1",
    ],
)
def test_a_filter_that_cannot_be_read_is_named(api, query):
    answer = api("GET", f"/cases?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json["errors"]


def test_pages_follow_each_other_without_gap_or_double(api, staff):
    for _ in range(5):
        make_case(staff=staff)
    seen, cursor = [], ""
    for _page in range(3):
        answer = api("GET", f"/cases?limit=2{cursor}").json
        seen += [case["case_no"] for case in answer["items"]]
        cursor = f"&cursor={answer['next_cursor']}"
    assert len(set(seen)) == len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    assert answer["next_cursor"] is None


def test_a_feed_gives_what_changed_since_oldest_first(api, staff, clock):
    early = make_case(CaseState.DISPATCHED, staff)
    clock.advance(hours=1)
    late = make_case(CaseState.DISPATCHED, staff)
    everything = api("GET", "/cases", query_string={"since": "2026-11-23T00:00:00Z"}).json["items"]
    assert [case["case_no"] for case in everything] == [early.case_no, late.case_no]
    since = {"since": "2026-11-23T02:30:00Z", "state": "dispatched", "department": staff.bureau.code}
    assert [c["case_no"] for c in api("GET", "/cases", query_string=since).json["items"]] == [late.case_no]


def test_only_the_tables_actions_exist_and_only_for_who_may(api, token, staff):
    case = make_case(staff=staff)
    assert api("POST", f"/cases/{case.case_no}/actions/delete", json={}).status_code == 404
    assert api("POST", "/cases/20260101-9/actions/urge", json={}).status_code == 404
    refused = api(
        "POST", f"/cases/{case.case_no}/actions/dispatch", json={"data": {"lead": staff.bureau.code}}
    )
    assert (refused.status_code, case.state) == (403, CaseState.PENDING_DISPATCH)
    token[0].person.grants.append(RoleGrant(role=Role.DISPATCHER))
    db.session.commit()
    missing = api("POST", f"/cases/{case.case_no}/actions/dispatch", json={"data": {}})
    assert (missing.status_code, list(missing.json["errors"])) == (422, ["lead"])
    stale = api("POST", f"/cases/{case.case_no}/actions/dispatch", json={"version": 0, "data": {"lead": "x"}})
    assert (stale.status_code, stale.json["by"]) == (409, staff.agent.name)
    assert "dispatch" in api("GET", f"/cases/{case.case_no}").json["actions"]
    done = api("POST", f"/cases/{case.case_no}/actions/dispatch", json={"data": {"lead": staff.bureau.code}})
    assert (done.status_code, done.json["lead_department"]) == (200, staff.bureau.code)


def test_the_caller_is_left_out_where_confidential(api):
    made = api("POST", "/cases", json={**BODY, "confidential": True})
    assert (made.json["citizen_name"], made.json["contact_phone_masked"]) == (None, None)


def test_code_tables_have_versions_and_the_actions_name_their_fields(api):
    tables = api("GET", "/codes").json["tables"]
    for table in tables:
        answer = api("GET", f"/codes/{table}").json
        assert len(answer["version"]) == 16
    actions = {row["code"]: row for row in api("GET", "/codes/actions").json["items"]}
    assert set(actions) == set(Action)
    assert actions["dispatch"]["detail"]["needs"] == ["lead"]
    assert api("GET", "/codes/colours").status_code == 404


def test_the_document_and_its_page_name_every_endpoint(client, app):
    document = client.get("/api/v1/openapi.json").json
    ours = {
        re.sub(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>", r"{\1}", str(rule))
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api/v1/") and rule.endpoint.split(".")[-1] not in ("openapi", "docs")
    }
    assert set(document["paths"]) == ours
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert all(path in page.text for path in document["paths"])


@pytest.mark.parametrize("lead", ["²", "１２", "9" * 64, "-1"])
def test_a_department_that_is_no_code_is_named(api, token, staff, lead):
    token[0].person.grants.append(RoleGrant(role=Role.DISPATCHER))
    case = make_case(staff=staff)
    answer = api("POST", f"/cases/{case.case_no}/actions/dispatch", json={"data": {"lead": lead}})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["lead"])
