"""Requests wait beside the state for a ruling; the handling clock runs on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from config import clock as city
from config.extensions import db
from dispatch import services
from dispatch.models import CaseRequest
from dispatch.services.perform import Deed
from dispatch.workflow import CaseState, RequestKind, Ruling
from tests.dispatch.refusals import invalid, refused_because
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def rulings(case):
    return dict(
        db.session.execute(
            select(CaseRequest.kind, CaseRequest.ruling).where(CaseRequest.case_id == case.id)
        ).all()
    )


def ask_return(staff, case):
    return services.request_return(staff.officer, case, "not_our_duty", "不属于我局职责", "三定方案第五条")


def test_an_approved_return_goes_back_to_the_dispatcher_and_is_counted(staff):
    case = ask_return(staff, make_case(CaseState.DISPATCHED, staff))
    assert (case.state, case.pending_requests) == (CaseState.DISPATCHED, {RequestKind.RETURN})
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
    assert (case.state, case.return_count, case.lead_department_id) == (CaseState.PENDING_DISPATCH, 1, None)
    assert case.due_at is not None


def test_a_refused_return_is_the_departments_to_handle(staff):
    case = ask_return(staff, make_case(CaseState.DISPATCHED, staff))
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, False, "属于贵局职责")
    assert (case.state, case.return_count) == (CaseState.PROCESSING, 0)
    assert rulings(case) == {RequestKind.RETURN: Ruling.REFUSED}


def test_a_return_is_asked_for_within_a_working_day(staff, clock):
    case = make_case(CaseState.DISPATCHED, staff)
    clock.set(datetime(2026, 11, 24, 16, 1, tzinfo=UTC))
    with refused_because("return_in_time"):
        ask_return(staff, case)


@pytest.mark.parametrize("missing", ["reason_code", "reason", "legal_basis"])
def test_a_return_names_its_reason_and_the_law(staff, missing):
    case = make_case(CaseState.DISPATCHED, staff)
    data = {"reason_code": "not_our_duty", "reason": "不属于我局职责", "legal_basis": "三定方案", missing: ""}
    with invalid(missing):
        services.ask(staff.officer, case, RequestKind.RETURN, **data)


def test_an_extension_moves_the_due_time_once(staff):
    case = make_case(CaseState.PROCESSING, staff)
    due = case.due_at
    services.request_extension(staff.officer, case, 2, "等待配件")
    assert case.due_at == due
    services.decide_request(staff.reviewer, case, RequestKind.EXTENSION, True)
    assert (case.due_at, case.extended_count) == (due + timedelta(days=2), 1)
    with refused_because("not_extended"):
        services.request_extension(staff.officer, case, 1, "还要一天")


def test_an_extension_is_not_longer_than_the_limit_itself(staff):
    case = make_case(CaseState.PROCESSING, staff)  # a consultation: two working days
    with invalid("days"):
        services.request_extension(staff.officer, case, 3, "等待配件")
    assert case.pending == []


def test_an_extension_is_asked_for_before_the_case_is_due(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    clock.set(case.due_at)
    with refused_because("not_overdue"):
        services.request_extension(staff.officer, case, 1, "等待配件")


def test_a_request_waits_only_once(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.request_suspension(staff.officer, case, "等待规划")
    with refused_because("suspension_not_pending"):
        services.request_suspension(staff.officer, case, "等待规划")


def test_a_request_lapses_when_the_case_moves_on(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.request_extension(staff.officer, case, 1, "等待配件")
    services.write_reply(staff.officer, case, "已修复")
    services.release_reply(staff.approver, case)
    assert case.pending == []
    assert rulings(case) == {RequestKind.EXTENSION: Ruling.LAPSED}


def test_a_request_that_can_still_be_ruled_on_waits_on(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.ask(staff.officer, case, RequestKind.EXCLUSION, "台风期间")
    services.write_reply(staff.officer, case, "已修复")
    services.release_reply(staff.approver, case)
    assert case.pending_requests == {RequestKind.EXCLUSION}
    services.decide_request(staff.reviewer, case, RequestKind.EXCLUSION, True)
    assert (case.excluded, case.state) == (True, CaseState.REPLIED)


def test_a_suspension_needs_a_date_on_which_it_is_looked_at_again(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.request_suspension(staff.officer, case, "等待规划")
    for day in (None, city.today()):
        with invalid("review_on"):
            services.decide_request(staff.supervisor, case, RequestKind.SUSPENSION, True, review_on=day)
    assert case.state is CaseState.PROCESSING


def test_an_unreasonable_demand_is_confirmed_by_the_reviewer(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.ask(staff.officer, case, RequestKind.UNREASONABLE, "要求超出法律规定")
    services.decide_request(staff.reviewer, case, RequestKind.UNREASONABLE, True)
    assert case.unreasonable


def test_the_inbox_that_loses_a_case_by_its_return_hears_of_it(staff, monkeypatch):
    case = ask_return(staff, make_case(CaseState.DISPATCHED, staff))
    rooms: list[str] = []
    monkeypatch.setattr(sys.modules[Deed.__module__], "tell", lambda room, *_what: rooms.append(room))
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
    assert f"department:{staff.bureau.id}" in rooms
