"""The database keeps the lifecycle too: what the services would never write, it does not take."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from config import clock
from config.extensions import db
from dispatch.models import (
    Assignment,
    AssignmentRole,
    Callback,
    CallbackResult,
    Case,
    CaseClock,
    CaseRequest,
    Reply,
    ReplyState,
)
from dispatch.workflow import CaseState, ClockKind, RequestKind, Ruling
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def refused(statement) -> str:
    """The name of the constraint that says no."""
    with pytest.raises(IntegrityError) as told, db.session.begin_nested():
        db.session.execute(statement)
    return told.value.orig.diag.constraint_name


@pytest.mark.parametrize(
    ("state", "changes", "constraint"),
    [
        (CaseState.PROCESSING, {"state": "closed"}, "ck_case_finished_by_somebody"),
        (CaseState.CLOSED, {"closed_by_id": None}, "ck_case_finished_by_somebody"),
        (CaseState.CLOSED, {"state": "callback"}, "ck_case_finished_by_somebody"),
        (CaseState.PENDING_DISPATCH, {"state": "merged"}, "ck_case_merged_has_master"),
        (CaseState.MERGED, {"state": "pending_dispatch"}, "ck_case_merged_has_master"),
        (CaseState.PENDING_DISPATCH, {"state": "dispatched"}, "ck_case_has_lead"),
        (CaseState.PROCESSING, {"lead_department_id": None}, "ck_case_has_lead"),
        (CaseState.PROCESSING, {"due_at": None}, "ck_case_open_is_due"),
        (CaseState.PROCESSING, {"state": "suspended"}, "ck_case_suspended_has_review_date"),
        (CaseState.SUSPENDED, {"state": "processing"}, "ck_case_suspended_has_review_date"),
        (CaseState.NOT_ACCEPTED, {"not_accepted_code": None}, "ck_case_refused_with_code"),
        (CaseState.PROCESSING, {"extended_count": 2}, "ck_case_counters"),
        (CaseState.CLOSED, {"rating": 6}, "ck_case_rating"),
    ],
)
def test_a_case_in_an_impossible_state_is_refused(staff, state, changes, constraint):
    case = make_case(state, staff)
    assert refused(update(Case).where(Case.id == case.id).values(**changes)) == constraint


def test_an_unknown_state_is_refused(staff):
    case = make_case(staff=staff)
    statement = text("""UPDATE "case" SET state = 'lost' WHERE id = :id""").bindparams(id=case.id)
    assert refused(statement) == "ck_case_case_state"


def test_a_case_is_not_its_own_master(staff):
    case = make_case(CaseState.MERGED, staff)
    own = update(Case).where(Case.id == case.id).values(master_case_id=case.id)
    assert refused(own) == "ck_case_not_its_own_master"


def test_there_is_one_open_lead_assignment(staff):
    case = make_case(CaseState.PROCESSING, staff)
    second = insert(Assignment).values(
        case_id=case.id,
        department_id=staff.section.id,
        role=AssignmentRole.LEAD,
        assigned_at=clock.now(),
        assigned_by_id=staff.dispatcher.id,
        advice="",
        report="",
    )
    assert refused(second) == "uq_assignment_open_lead"


def test_there_is_one_running_clock_of_a_kind_and_it_ends_after_it_starts(staff):
    case = make_case(CaseState.PROCESSING, staff)
    at = clock.now()
    row = {"case_id": case.id, "kind": ClockKind.HANDLING, "amount": 1, "unit": "hours", "extended": False}
    second = insert(CaseClock).values(**row, started_at=at, due_at=at.replace(year=2027), warn_at=at)
    assert refused(second) == "uq_case_clock_running"
    backwards = insert(CaseClock).values(**row, started_at=at, due_at=at, warn_at=at, stopped_at=at)
    assert refused(backwards) == "ck_case_clock_due_after_start"


def test_a_request_waits_once_and_is_ruled_at_a_moment(staff):
    case = make_case(CaseState.PROCESSING, staff)
    row = {
        "case_id": case.id,
        "kind": RequestKind.EXCLUSION,
        "asked_at": clock.now(),
        "asked_by_id": staff.officer.id,
        "reason": "台风",
        "legal_basis": "",
        "ruling_reason": "",
    }
    db.session.execute(insert(CaseRequest).values(**row, ruling=Ruling.WAITING))
    assert refused(insert(CaseRequest).values(**row, ruling=Ruling.WAITING)) == "uq_case_request_waiting"
    assert refused(insert(CaseRequest).values(**row, ruling=Ruling.APPROVED)) == "ck_case_request_ruled"


def test_a_callback_that_reached_nobody_has_no_answer(staff):
    case = make_case(CaseState.CALLBACK, staff)
    row = {"case_id": case.id, "at": clock.now(), "person_id": staff.caller.id, "remark": ""}
    assert (
        refused(insert(Callback).values(**row, result=CallbackResult.NOT_REACHED, solved=True))
        == "ck_callback_reached_is_answered"
    )


def test_a_released_reply_was_released_by_somebody(staff):
    case = make_case(CaseState.REPLIED, staff)
    nobody = update(Reply).where(Reply.case_id == case.id).values(released_by_id=None)
    assert refused(nobody) == "ck_reply_released_by_somebody"
    assert db.session.query(Reply).filter_by(case_id=case.id).one().state is ReplyState.RELEASED
