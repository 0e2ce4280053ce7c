"""Whatever people do in whatever order: the table never leads to a state that the database would refuse."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from accounts.roles import Role
from config import clock as city_clock
from config.errors import HotlineError
from config.extensions import db
from config.timers import run_due_timers
from dispatch import services
from dispatch.models import Assignment, AssignmentRole, CaseClock, CaseEvent, CaseRequest
from dispatch.workflow import (
    FINISHED_STATES,
    OPEN_STATES,
    WITH_LEAD_STATES,
    Action,
    CaseState,
    ClockKind,
    Ruling,
    rows_from,
)
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import intake, make_case, make_staff

THREE = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
"""Nobody may be two of these; none of them works on cases."""

STEP = st.tuples(
    st.integers(0, 10_000),  # which of the rows that start here
    st.integers(0, 4 * 24 * 60),  # minutes that pass before
    st.booleans(),  # whether the clock process runs meanwhile
    st.integers(1, 5),  # the rating, where one is given
)


@pytest.fixture
def city(app):
    staff = make_staff()
    everybody = make_person([role for role in Role if role not in THREE])
    return staff, everybody, make_department("街道办", staff.bureau)


def data_for(action: Action, city, rating: int) -> dict:
    """Complete, valid data; whether the rules like it is the table's business."""
    staff, everybody, street = city
    master = services.register_case(everybody, intake()) if action is Action.MERGE else None
    return {
        "lead": staff.bureau.id,
        "assisting": [street.code],
        "department": street.id,
        "reason": "理由",
        "note": "说明",
        "demand": "限期办结",
        "answer": "已答复",
        "route": "请拨打邻市热线",
        "legal_basis": "三定方案",
        "public_text": "已修复",
        "master": master and master.case_no,
        "not_accepted_code": "outside_area",
        "reason_code": "not_our_duty",
        "service": "110",
        "days": 1 + rating,
        "rating": rating,
        "solved": rating > 2,
        "review_on": city_clock.today() + timedelta(days=20),
    }


ENDS = FINISHED_STATES | {CaseState.MERGED}


def choose(case, number: int):
    """A row that starts here: most often one whose conditions hold and that does not end the walk."""
    rows = rows_from(case.state)
    likely = [r for r in rows if r.refusal(case) is None and r.target_of(case) not in ENDS]
    rows = likely if likely and number % 5 else rows
    return rows[(number // 5) % len(rows)] if rows else None


def step(case, row, city, rating: int) -> bool:
    """Do it if the rules let us; whether or not, what the database holds must fit together."""
    given_data = data_for(row.action, city, rating)
    data = {name: given_data[name] for name in (*row.needs, *row.takes) if given_data.get(name)}
    before = (case.state, case.version)
    try:
        services.perform(case.id, row.action, city[1], data)
    except HotlineError:
        db.session.refresh(case)
        assert (case.state, case.version) == before
        return False
    assert case.state in row.targets_from(before[0])
    assert case.version == before[1] + 1
    holds_together(case)
    return True


@settings(max_examples=20)
@given(
    start=st.sampled_from(sorted(set(CaseState) - ENDS)),
    steps=st.lists(STEP, min_size=5, max_size=20),
    called=st.booleans(),
)
def test_no_walk_through_the_table_reaches_a_state_the_database_refuses(clock, city, start, steps, called):
    awaits_a_call = start in (CaseState.CALLBACK, CaseState.REDO)
    case = make_case(start, city[0], needs_reply=called or awaits_a_call)
    for number, minutes, timers, rating in steps:
        clock.advance(minutes=minutes)
        if timers:
            run_due_timers(limit=20)
            holds_together(case)
        if (row := choose(case, number)) is None:
            break
        step(case, row, city, rating)


def test_a_walk_that_looks_for_news_finds_every_action_there_is(clock, city):
    chance, done = Random(9), set()
    for _case in range(300):
        case, refused = make_case(chance.choice(sorted(set(CaseState) - ENDS)), city[0]), set()
        for _step in range(10):
            clock.advance(minutes=chance.randint(0, 400))
            allowed = [
                r for r in rows_from(case.state) if r.refusal(case) is None and r.action not in refused
            ]
            news = [row for row in allowed if row.action not in done]
            if not allowed:
                break
            row = chance.choice(news if news and chance.random() < 0.8 else allowed)
            if step(case, row, city, chance.randint(1, 5)):
                done.add(row.action)
            else:
                refused.add(row.action)  # what this case does not let them do is not tried on it for ever
        if set(Action) - done <= NOT_IN_A_WALK:
            return
    assert set(Action) - done <= NOT_IN_A_WALK


NOT_IN_A_WALK = {Action.REGISTER, Action.REFER, Action.CLOSE_UNREACHABLE}
"""A walk begins with the first; the others need a long patience and have tests of their own."""


def holds_together(case) -> None:
    """What the constraints say, and what only several tables together can."""
    db.session.flush()
    running = services.timing.running_clocks(case)
    live = [kind for kind, row in running.items() if row.paused_at is None]
    assert (case.closed_at is not None) == (case.state in FINISHED_STATES)
    assert (case.due_at is not None) or case.state not in OPEN_STATES
    if case.state in FINISHED_STATES | {CaseState.MERGED}:
        assert set(live) <= {ClockKind.SUPERVISION}
    if case.state in WITH_LEAD_STATES:
        leads = select(func.count()).where(
            Assignment.case_id == case.id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
        )
        assert db.session.scalar(leads) == 1
    waiting = select(CaseRequest.kind).where(
        CaseRequest.case_id == case.id, CaseRequest.ruling == Ruling.WAITING
    )
    assert set(db.session.scalars(waiting)) == case.pending_requests
    deeds = select(func.count()).where(CaseEvent.case_id == case.id, CaseEvent.kind == "deed")
    assert db.session.scalar(deeds) == case.version
    for row in db.session.scalars(select(CaseClock).where(CaseClock.case_id == case.id)):
        assert row.why
