"""What the citizen says at the end, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from config import clock as city
from config.extensions import db
from dispatch import services
from dispatch.models import Callback, Reply, ReplyState
from dispatch.workflow import CaseState, ClockKind, NoticeCause
from tests.dispatch.refusals import refused_because
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def test_a_failed_reply_goes_back_with_the_reason_and_may_be_written_anew(staff):
    case = make_case(CaseState.REPLIED, staff)
    services.fail_reply(staff.reviewer, case, "没有联系市民的证明")
    assert case.state is CaseState.PROCESSING
    services.write_reply(staff.officer, case, "已联系市民并修复", contacted_number="13912340042")
    services.release_reply(staff.approver, case)
    states = db.session.scalars(select(Reply.state).where(Reply.case_id == case.id).order_by(Reply.id))
    assert list(states) == [ReplyState.FAILED, ReplyState.RELEASED]


def test_an_approver_gives_a_reply_back_before_it_leaves_the_department(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.write_reply(staff.officer, case, "已修复")
    services.return_reply_to_officer(staff.approver, case, "请写明日期")
    with refused_because("reply_waiting"):
        services.release_reply(staff.approver, case)


def test_a_good_reply_to_somebody_who_cannot_be_called_closes_the_case(staff):
    case = make_case(CaseState.REPLIED, staff, phone="", anonymous=True)
    services.pass_reply(staff.reviewer, case)
    assert (case.state, case.solved, case.rating) == (CaseState.CLOSED, True, None)
    assert services.timing.running_clocks(case) == {}


def test_three_tries_at_different_hours_come_before_closing_as_unreachable(staff, clock):
    case = make_case(CaseState.CALLBACK, staff)
    with refused_because("tries_made"):
        services.close_unreachable(staff.caller, case)
    for n in range(3):
        services.record_callback_attempt(staff.caller, case)
        with refused_because(TOO_SOON[n]):
            services.record_callback_attempt(staff.caller, case)
        clock.advance(hours=2)
    services.close_unreachable(staff.caller, case)
    assert (case.state, case.rating, case.close_reason) == (CaseState.CLOSED, None, "unreachable")


@pytest.mark.parametrize(("solved", "rating"), [(False, 5), (True, 2), (False, 1)])
def test_a_citizen_who_is_not_content_is_not_closed_as_content(staff, solved, rating):
    case = make_case(CaseState.CALLBACK, staff)
    with refused_because("citizen_content"):
        services.close_after_callback(staff.caller, case, solved, rating)
    assert (case.state, case.solved) == (CaseState.CALLBACK, None)
    assert db.session.query(Callback).filter_by(case_id=case.id).count() == 0


def test_solved_without_a_rating_stays_outside_the_satisfaction_base(staff):
    case = make_case(CaseState.CALLBACK, staff)
    services.close_after_callback(staff.caller, case, True)
    assert (case.state, case.solved, case.rating) == (CaseState.CLOSED, True, None)


def test_an_unreasonable_demand_is_closed_with_the_reason(staff):
    case = make_case(CaseState.CALLBACK, staff)
    services.close_unreasonable(staff.caller, case, False, 1, "法律不允许")
    assert (case.state, case.unreasonable, case.close_reason) == (CaseState.CLOSED, True, "法律不允许")


TOO_SOON = ("callback_due", "callback_due", "tries_left")


def redone_and_still_unhappy(staff):
    case = make_case(CaseState.REDO, staff)
    services.write_reply(staff.officer, case, "再次修复", solved=False)
    services.release_reply(staff.approver, case)
    services.pass_reply(staff.reviewer, case)
    return case


def test_a_redo_comes_once_then_supervision_decides(staff):
    case = redone_and_still_unhappy(staff)
    with refused_because("not_redone"):
        services.order_redo(staff.caller, case, False, 1, "还是没修好")
    services.refer_to_supervision(staff.caller, case, False, 1, "还是没修好")
    assert (case.state, case.referred, case.proposed_notice) == (
        CaseState.CALLBACK,
        True,
        NoticeCause.TWICE_UNHAPPY,
    )
    assert case.clock_kind is ClockKind.DECISION
    services.supervise_case(staff.supervisor, case, "局长包案")
    services.answer_notice(staff.officer, case, "已现场办公")
    services.close_by_decision(staff.supervisor, case, "已穷尽办理手段")
    assert (case.state, case.referred, case.close_reason) == (CaseState.CLOSED, False, "已穷尽办理手段")


def test_what_waits_for_supervisions_decision_is_not_ended_at_the_callback_desk(staff, clock):
    case = redone_and_still_unhappy(staff)
    for _ in range(3):
        services.record_callback_attempt(staff.caller, case)
        clock.advance(hours=3)
    services.refer_to_supervision(staff.caller, case, False, 1, "还是没修好")
    with refused_because("not_referred"):
        services.close_unreachable(staff.caller, case)
    with refused_because("not_referred"):
        services.close_unreasonable(staff.caller, case, False, 1, "诉求不合理")
    services.close_after_callback(staff.caller, case, True, 4)  # the citizen thought better of it


def test_or_supervision_suspends_it_and_it_comes_back_as_a_redo(staff):
    case = redone_and_still_unhappy(staff)
    services.refer_to_supervision(staff.caller, case, False, 2, "还是没修好")
    services.suspend_case(staff.supervisor, case, "等待改造", city.today() + timedelta(days=60))
    assert case.state is CaseState.SUSPENDED
    services.resume_case(staff.supervisor, case)
    assert (case.state, case.clock_kind) == (CaseState.REDO, ClockKind.REDO)


def test_what_was_neither_redone_nor_supervised_is_not_closed_by_decision(staff):
    case = make_case(CaseState.CALLBACK, staff)
    with refused_because("redone_or_supervised"):
        services.close_by_decision(staff.supervisor, case, "结案")
