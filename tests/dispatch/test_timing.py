"""The clocks of a case while it is worked on: cards, alerts, pauses, and why it is due when it is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from config.extensions import db
from config.timers import run_due_timers
from dispatch import services
from dispatch.models import CardColour, CaseCard, CaseClock
from dispatch.queries import clocks_of
from dispatch.services.cards import propose_supervision
from dispatch.workflow import CaseState, ClockKind, NoticeCause
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def running(case, kind):
    return services.timing.running_clocks(case)[kind]


def cards(case, kind):
    rows = select(CaseCard.colour).join(CaseClock, CaseClock.id == CaseCard.clock_id)
    return list(db.session.scalars(rows.where(CaseCard.case_id == case.id, CaseClock.kind == kind)))


def test_a_consultation_of_monday_is_due_at_the_end_of_wednesday(staff):
    case = make_case(CaseState.PROCESSING, staff)
    assert case.due_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert "2" in running(case, ClockKind.HANDLING).why
    assert "11-25 24:00" in running(case, ClockKind.HANDLING).why


def test_the_yellow_card_comes_a_working_day_before_and_the_red_one_when_overdue(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    handling = running(case, ClockKind.HANDLING)
    clock.set(handling.warn_at - timedelta(minutes=1))
    run_due_timers()
    assert cards(case, ClockKind.HANDLING) == []
    clock.set(handling.warn_at)
    run_due_timers()
    assert cards(case, ClockKind.HANDLING) == [CardColour.YELLOW]
    clock.set(handling.due_at)
    run_due_timers()
    assert cards(case, ClockKind.HANDLING) == [CardColour.YELLOW, CardColour.RED]
    assert (case.overdue_count, case.proposed_notice) == (2, NoticeCause.OVERDUE)  # the contact clock too


def test_cards_are_shown_once_however_often_the_timer_runs(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    clock.set(running(case, ClockKind.HANDLING).due_at)
    services.cards._clock_due(f"{case.id}:handling", {})
    services.cards._clock_due(f"{case.id}:handling", {})
    assert cards(case, ClockKind.HANDLING) == [CardColour.RED]


def test_a_case_not_signed_in_time_raises_an_alert(staff, clock):
    case = make_case(CaseState.DISPATCHED, staff)
    clock.set(case.due_at)
    run_due_timers()
    assert CardColour.RED in cards(case, ClockKind.SIGN)
    assert case.overdue


def test_a_stopped_clock_shows_no_card(staff, clock):
    case = make_case(CaseState.DISPATCHED, staff)
    due = case.due_at
    services.sign_case(staff.officer, case)
    clock.set(due + timedelta(hours=1))
    run_due_timers()
    assert cards(case, ClockKind.SIGN) == []


def test_handling_stands_still_under_review_and_goes_on_when_the_reply_fails(staff, clock):
    case = make_case(CaseState.REPLIED, staff)
    handling = running(case, ClockKind.HANDLING)
    due = handling.due_at
    assert handling.paused_at == clock.at
    clock.advance(days=1)
    services.fail_reply(staff.reviewer, case, "没有回答问题")
    assert handling.paused_at is None
    assert handling.due_at == due + timedelta(days=1)
    assert case.due_at == handling.due_at


def test_handling_ended_when_the_reply_was_released_not_when_the_review_of_it_ended(staff, clock):
    case = make_case(CaseState.REPLIED, staff)
    released = clock.at
    clock.advance(days=3)
    services.pass_reply(staff.reviewer, case)
    handling = db.session.scalar(clocks_of(case).where(CaseClock.kind == ClockKind.HANDLING))
    assert handling.stopped_at == released


def test_a_draft_sent_back_stops_the_dispatch_clock_until_it_comes_again(staff, clock):
    case = make_case(staff=staff)
    due = case.due_at
    services.send_back_to_agent(staff.dispatcher, case, "请补充地址")
    assert case.due_at is None
    clock.advance(hours=3)
    services.resubmit_case(staff.agent, case, address="幸福路 12 号")
    assert case.due_at == due + timedelta(hours=3)
    assert (case.address, case.sent_back) == ("幸福路 12 号", False)


def test_a_suspended_case_is_due_on_its_review_date_and_resumes_where_it_stopped(staff, clock):
    case = make_case(CaseState.SUSPENDED, staff)
    assert case.due_at == case.review_on
    clock.advance(days=7)
    services.resume_case(staff.supervisor, case)
    assert (case.state, case.review_on) == (CaseState.PROCESSING, None)
    # Wednesday the 25th, moved on by the five working days of that week.
    assert case.due_at == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)


def test_a_critical_case_has_its_hours_at_night_too(staff, clock):
    clock.set(datetime(2026, 11, 27, 15, 0, tzinfo=UTC))  # Friday, 23:00
    case = make_case(CaseState.PROCESSING, staff, urgency="critical", request_type="help")
    assert case.due_at == clock.at + timedelta(hours=2)


def test_a_case_nobody_touched_for_long_is_proposed_for_supervision(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    clock.advance(days=4)
    assert propose_supervision() == 0
    clock.advance(days=6)
    assert propose_supervision() == 1
    assert (case.proposed_notice, case.long_running) == (NoticeCause.NO_PROGRESS, True)
    assert propose_supervision() == 0
