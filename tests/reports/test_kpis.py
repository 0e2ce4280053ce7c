"""Each figure against a small world counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config import clock as clocks
from config.extensions import db
from dispatch import services
from dispatch.workflow import CaseState
from hotline.models import Call, CallQueue, Skill
from hotline.words import CallState, Direction, EndReason
from reports.kpis import KPIS, Period, Scope, Unit, compute_all
from reports.kpis.compute import CITY
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def today(clock):
    return Period.of_day(clocks.today())


@pytest.fixture
def make_call(clock):
    skill = Skill(code="s", name="综合")
    db.session.add(skill)
    db.session.flush()
    queue = CallQueue(code="q", name="综合", skill_id=skill.id)
    db.session.add(queue)
    db.session.flush()
    agent = make_person()
    numbers = iter(range(1000))

    def call(wait: float | None, talk: float | None, reason: EndReason, **more):
        n = next(numbers)
        asked = clock.at if wait is not None else None
        db.session.add(
            Call(
                call_no=f"T{n}",
                provider="test",
                provider_call=str(n),
                direction=more.pop("direction", Direction.IN),
                state=CallState.ENDED,
                first_heard_at=clock.at,
                last_event_at=clock.at,
                arrived_at=more.pop("arrived_at", clock.at),
                queued_at=asked,
                queue_id=queue.id if asked else None,
                agent_id=agent.id if talk is not None else None,
                answered_at=clock.at + timedelta(seconds=wait) if talk is not None else None,
                ended_at=clock.at + timedelta(seconds=(wait or 0) + (talk or 0)),
                end_reason=reason,
                wait_seconds=wait,
                talk_seconds=talk,
                **more,
            )
        )
        db.session.flush()

    return call


def values(period, scope=CITY):
    return {code: figure.value for code, figure in compute_all(period, scope).items()}


def test_calls_are_counted_on_both_bases_and_short_abandons_apart(make_call, today):
    make_call(10, 100, EndReason.CALLER_HUNG_UP, wrap_seconds=20)
    make_call(20, 200, EndReason.AGENT_HUNG_UP, wrap_seconds=40)
    make_call(40, None, EndReason.ABANDONED_IN_QUEUE)
    make_call(3, None, EndReason.ABANDONED_IN_QUEUE)
    make_call(None, None, EndReason.ENDED_IN_IVR)
    make_call(5, 60, EndReason.CALLER_HUNG_UP, direction=Direction.OUT)
    make_call(5, 60, EndReason.CALLER_HUNG_UP, arrived_at=today.start - timedelta(seconds=1))
    found = values(today)
    assert found["calls_arrived"] == 5
    assert found["calls_offered"] == 4
    assert found["calls_answered"] == 2
    assert found["calls_abandoned"] == 1
    assert found["short_abandons"] == 1
    assert found["answer_rate"] == pytest.approx(2 / 4)
    assert found["answered_in_15s_of_answered"] == pytest.approx(1 / 2)
    assert found["answered_in_15s_of_offered"] == pytest.approx(1 / 4)
    assert found["abandon_rate"] == pytest.approx(1 / 4)
    assert found["average_wait"] == pytest.approx(15)
    assert found["average_talk"] == pytest.approx(150)
    assert found["average_wrap_up"] == pytest.approx(30)
    assert found["average_handling"] == pytest.approx(180)


def test_an_empty_base_has_no_value_and_a_count_is_nought(app, clock, today):
    found = compute_all(today)
    for code, kpi in KPIS.items():
        assert found[code].value == (0 if kpi.denominator is None else None), code


def test_solved_and_satisfied_are_two_figures(clock, today):
    staff = make_staff()
    make_case(CaseState.CLOSED, staff)  # solved, rated 5
    case = make_case(CaseState.CALLBACK, staff)
    services.close_unreasonable(staff.caller, case, solved=False, rating=4, reason="法律已有规定")
    found = values(today)
    assert found["solved_rate"] == pytest.approx(1 / 2)
    assert found["satisfied_rate"] == pytest.approx((1 + 0.75) / 2)
    assert found["reached_rate"] == pytest.approx(1)
    assert found["cases_closed"] == 2


def test_a_case_answered_on_the_spot_counts_among_the_accepted(clock, today):
    staff = make_staff()
    make_case(CaseState.ANSWERED, staff)
    make_case(CaseState.PENDING_DISPATCH, staff)
    make_case(CaseState.NOT_ACCEPTED, staff)
    assert values(today)["on_the_spot_rate"] == pytest.approx(1 / 2)


def test_a_handling_clock_counts_in_the_period_it_is_due(clock):
    staff = make_staff()
    make_case(CaseState.CALLBACK, staff)
    late = make_case(CaseState.PROCESSING, staff)
    due = clocks.local(late.due_at - timedelta(seconds=1)).date()
    clock.set(late.due_at)
    found = values(Period.of_day(due))
    assert found["closed_in_time"] == pytest.approx(1 / 2)
    assert found["overdue_rate"] == pytest.approx(1 / 2)
    assert values(Period.of_day(due + timedelta(days=1)))["closed_in_time"] is None


def test_figures_of_a_department_are_those_of_its_part_of_the_tree(clock, today):
    staff = make_staff()
    make_case(CaseState.CLOSED, staff)
    assert values(today, Scope(staff.bureau.path))["cases_closed"] == 1
    assert values(today, Scope(staff.section.path))["cases_closed"] == 0
    assert values(today, Scope(staff.bureau.path))["calls_arrived"] is None


def test_every_kpi_says_its_formula_its_base_and_its_unit():
    for kpi in KPIS.values():
        assert str(kpi.name)
        assert str(kpi.formula)
        assert str(kpi.base)
        assert (kpi.denominator is None) == (kpi.unit in (Unit.COUNT, Unit.TOTAL))
