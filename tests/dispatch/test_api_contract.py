"""Whatever a client sends, the API answers as its OpenAPI document says, and never with a fault of ours."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.services.tokens import create_token
from dispatch.workflow import CaseState
from tests.factories.dispatch import make_case, make_staff

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = (
    "GET /api/v1/cases",
    "GET /api/v1/cases/{case_no}",
    "GET /api/v1/cases/{case_no}/timeline",
    "GET /api/v1/codes",
    "GET /api/v1/codes/{table}",
    "GET /api/v1/knowledge/imports/{import_id}",
    "POST /api/v1/cases",
    "POST /api/v1/cases/{case_no}/actions/{action}",
    "POST /api/v1/knowledge/imports",
)


@pytest.fixture
def operations(app):
    app.config["RAISE_UNEXPECTED"] = False
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=SchemathesisConfig())
    yield {found.label: found for found in (each.ok() for each in schema.get_all_operations())}
    app.config["RAISE_UNEXPECTED"] = True


@pytest.fixture
def headers(app):
    staff = make_staff()
    for state in (CaseState.PENDING_DISPATCH, CaseState.CLOSED):
        make_case(state, staff)
    _token, plain = create_token("合同测试", ("cases:read", "cases:write", "codes:read", "knowledge:import"))
    return {"Authorization": f"Bearer {plain}"}


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_documented(operations, headers, label):
    answered = set()

    @given(case=operations[label].as_strategy())
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    def every_request(case):
        answered.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    every_request()
    assert answered
