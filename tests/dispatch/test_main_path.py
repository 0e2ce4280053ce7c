"""The whole way of a case, by the hands of the people whose part it is."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.errors import Conflict, Invalid, NotPermitted, Refused
from config.extensions import db
from dispatch import services
from dispatch.queries import Desk, SavedView, desk_counts, timeline
from dispatch.workflow import Action, CaseState, ClockKind, RequestKind
from tests.dispatch.refusals import refused_because
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import intake, make_case, make_staff


@pytest.mark.parametrize("state", list(CaseState))
def test_a_case_can_be_brought_into_every_state_and_the_database_agrees(clock, state):
    assert make_case(state).state is state


def test_every_step_of_the_main_path_leaves_its_line_in_the_timeline(app, clock):
    case = make_case(CaseState.CLOSED)
    actions = [event.action for event in db.session.scalars(timeline(case))]
    assert actions == [
        Action.REGISTER,
        Action.DISPATCH,
        Action.SIGN,
        Action.WRITE_REPLY,
        Action.RELEASE_REPLY,
        Action.PASS_REPLY,
        Action.CLOSE_SATISFIED,
    ]
    assert (case.solved, case.rating) == (True, 5)
    assert case.closed_at == clock.at
    assert case.due_at is None


def test_the_clock_shown_is_that_of_the_state(clock):
    staff = make_staff()
    kinds = {
        CaseState.PENDING_DISPATCH: ClockKind.DISPATCH,
        CaseState.DISPATCHED: ClockKind.SIGN,
        CaseState.PROCESSING: ClockKind.HANDLING,
        CaseState.REPLIED: ClockKind.REVIEW,
        CaseState.CALLBACK: ClockKind.CALLBACK,
        CaseState.REDO: ClockKind.REDO,
    }
    for state, kind in kinds.items():
        assert make_case(state, staff).clock_kind is kind


def test_the_second_dispatcher_is_told_who_was_first(clock):
    staff = make_staff()
    case = make_case(staff=staff)
    services.dispatch_case(staff.dispatcher, case, staff.bureau.id)
    with pytest.raises(Conflict, match=staff.dispatcher.name):
        services.dispatch_case(staff.dispatcher, case, staff.section.id)
    assert case.lead_department_id == staff.bureau.id


def test_a_step_the_table_does_not_have_changes_nothing_and_says_why(clock):
    staff = make_staff()
    case = make_case(staff=staff)
    before = case.version
    with pytest.raises(Refused):
        services.pass_reply(staff.reviewer, case)
    assert (case.state, case.version) == (CaseState.PENDING_DISPATCH, before)


def test_a_person_without_the_right_changes_nothing(clock):
    staff = make_staff()
    case = make_case(staff=staff)
    with pytest.raises(NotPermitted):
        services.dispatch_case(staff.agent, case, staff.bureau.id)
    assert case.state is CaseState.PENDING_DISPATCH


def test_an_officer_of_another_bureau_may_not_sign(clock):
    staff = make_staff()
    stranger = make_person([Role.CASE_OFFICER], make_department("别的局", staff.city))
    case = make_case(CaseState.DISPATCHED, staff)
    with pytest.raises(NotPermitted):
        services.sign_case(stranger, case)


def test_the_same_button_pressed_twice_makes_one_case(clock):
    staff = make_staff()
    first = services.register_case(staff.agent, intake(intake_key="k1"))
    second = services.register_case(staff.agent, intake(intake_key="k1"))
    assert first.id == second.id


def test_every_wrong_field_of_an_intake_is_named(clock):
    staff = make_staff()
    with pytest.raises(Invalid) as told:
        services.register_case(
            staff.agent, intake(title=" ", category_code="9999", phone="abc", street_code="nowhere")
        )
    assert set(told.value.fields) == {"title", "category_code", "phone", "street_code"}


def test_at_the_third_dispatch_the_hotline_designates_and_returns_are_forbidden(clock):
    staff = make_staff()
    case = make_case(CaseState.DISPATCHED, staff)
    for _ in range(2):
        services.request_return(staff.officer, case, "not_our_duty", "不属于我局职责", "三定方案")
        services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
        services.dispatch_case(staff.dispatcher, case, staff.bureau.id)
    assert (case.dispatch_count, case.return_count, case.return_forbidden) == (3, 2, True)
    with refused_because("return_allowed"):
        services.request_return(staff.officer, case, "not_our_duty", "还是不属于我局", "三定方案")


def test_desks_count_what_waits_for_them(clock):
    staff = make_staff()
    make_case(staff=staff)
    make_case(CaseState.DISPATCHED, staff)
    assert desk_counts(Desk.DISPATCH, staff.dispatcher)[SavedView.ALL] == 1
    assert desk_counts(Desk.INBOX, staff.officer)[SavedView.SIGN] == 1
