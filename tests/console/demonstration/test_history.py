"""The past is possible: nothing in it could not have happened to real people."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import func, select, text

from accounts.models import Department
from config import clock
from config.extensions import db
from config.timers import Timer
from console.demonstration.history import write_history
from console.demonstration.history.order import begin_after_history
from dispatch.models import Callback, CallbackResult, CardColour, Case, CaseCard, CaseClock, CaseEvent
from dispatch.workflow import FINISHED_STATES, Action, CaseState, Channel
from hotline.models import AgentPresence, AgentStateChange, Call, CallLeg
from hotline.words import AgentState
from reports.kpis import Period
from tests.console.demonstration.conftest import CASES, DAYS
from tests.reports.test_case_figures import agree

MADE = Case.intake_key.startswith("demo-")


def test_as_many_cases_as_were_asked_for_and_more_calls(city):
    own = select(func.count()).select_from(Case).where(MADE, ~Case.intake_key.endswith("-again"))
    assert db.session.scalar(own) == CASES
    assert (db.session.scalar(select(func.count()).select_from(Call)) or 0) > CASES


def test_writing_it_again_changes_nothing(city):
    before = db.session.scalar(select(func.count()).select_from(CaseEvent))
    told: list[str] = []
    write_history(DAYS, CASES, 1, say=told.append)
    assert told == ["history: nothing is missing"]
    assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == before


def test_lists_show_the_newest_day_first(city):
    rows = db.session.execute(select(Case.id, Case.intake_key).where(MADE).order_by(Case.id.desc())).all()
    days = [row.intake_key[: len("demo-20260101")] for row in rows]
    assert days == sorted(days, reverse=True)
    begin_after_history()
    now = db.session.scalar(text("SELECT nextval(pg_get_serial_sequence('\"case\"', 'id'))"))
    assert now > rows[0].id


def test_no_desk_is_empty(city):
    standing = Counter(db.session.scalars(select(Case.state)))
    for state in (
        CaseState.PENDING_DISPATCH, CaseState.DISPATCHED, CaseState.PROCESSING, CaseState.REPLIED,
        CaseState.CALLBACK, CaseState.REDO, CaseState.SUSPENDED, CaseState.ANSWERED,
    ):  # fmt: skip
        assert standing[state] > 0, state
    waiting = {kind for pending in db.session.scalars(select(Case.pending)) for kind in pending}
    assert {"return", "extension"} <= waiting


def test_no_case_was_closed_without_a_callback_or_a_decision(city):
    for case in db.session.scalars(select(Case).where(Case.state == CaseState.CLOSED)):
        reached = db.session.scalar(
            select(func.count()).where(Callback.case_id == case.id, Callback.result == CallbackResult.REACHED)
        )
        decided = db.session.scalar(
            select(func.count()).where(
                CaseEvent.case_id == case.id, CaseEvent.action == Action.CLOSE_BY_DECISION
            )
        )
        assert reached or decided or case.close_reason in ("unreachable", "nobody_to_call"), case.case_no


def test_every_timeline_runs_forward_from_registration_and_never_into_the_future(city):
    timelines = defaultdict(list)
    for event in db.session.scalars(select(CaseEvent).order_by(CaseEvent.case_id, CaseEvent.id)):
        timelines[event.case_id].append(event)
    first = {Action.REGISTER, Action.ANSWER_ON_THE_SPOT}
    for case in db.session.scalars(select(Case)):
        events = timelines[case.id]
        assert events[0].action in first
        assert events[0].at == case.registered_at
        assert all(a.at <= b.at for a, b in pairwise(events)), case.case_no
        assert events[-1].at <= city.now
        deeds = [e for e in events if e.kind == "deed"]
        assert all(a.to_state == b.from_state for a, b in pairwise(deeds)), case.case_no


def test_whoever_finished_owes_nothing_and_whoever_did_not_has_a_clock(city):
    for case in db.session.scalars(select(Case)):
        running = db.session.scalar(
            select(func.count()).where(
                CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None), CaseClock.kind != "supervision"
            )
        )
        if case.state in FINISHED_STATES:
            assert not running, case.case_no
            assert case.due_at is None
        elif case.state is not CaseState.MERGED:
            assert running, case.case_no
            assert case.due_at is not None


def test_the_cards_were_shown_when_they_were_due(city):
    cards = db.session.execute(select(CaseCard, CaseClock).join(CaseClock, CaseClock.id == CaseCard.clock_id))
    for card, its in cards:
        due = its.warn_at if card.colour is CardColour.YELLOW else its.due_at
        assert card.shown_at >= due or its.extended
        assert its.stopped_at is None or card.shown_at <= its.stopped_at
    late = Timer.kind == "dispatch.clock", Timer.due_at <= city.now
    assert db.session.scalars(select(Timer).where(*late)).all() == []


def test_no_agent_was_ever_in_two_calls_or_two_states_at_once(city):
    legs = defaultdict(list)
    for leg in db.session.scalars(select(CallLeg).where(CallLeg.agent_id.is_not(None))):
        assert leg.ended_at is not None
        legs[leg.agent_id].append((leg.rung_at, leg.ended_at))
    assert legs
    stretches = defaultdict(list)
    for row in db.session.scalars(select(AgentStateChange)):
        assert row.until_at is not None
        stretches[row.agent_id].append((row.from_at, row.until_at))
    for spans in (*legs.values(), *stretches.values()):
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))


def test_everybody_has_gone_home_and_no_line_is_open(city):
    assert set(db.session.scalars(select(AgentPresence.state))) == {AgentState.SIGNED_OUT}
    assert db.session.scalars(select(Call).where(Call.ended_at.is_(None))).all() == []
    assert db.session.scalars(select(Timer).where(Timer.kind.startswith("hotline."))).all() == []


def test_a_case_by_telephone_was_registered_by_the_agent_who_took_the_call(city):
    cases = db.session.scalars(select(Case).where(Case.channel == Channel.PHONE)).all()
    assert cases
    for case in cases:
        call = db.session.scalars(select(Call).where(Call.call_no == case.call_no)).one()
        assert call.agent_id == case.registered_by_id
        assert call.answered_at <= case.registered_at <= call.ended_at
        assert case.contact_index in (None, call.caller_index)


def test_callers_were_answered_and_some_gave_up(city):
    reasons = Counter(db.session.scalars(select(Call.end_reason)))
    assert reasons["caller_hung_up"] > reasons["agent_hung_up"] > 0
    assert reasons["ended_in_ivr"] + reasons["abandoned_in_ring"] + reasons["abandoned_in_queue"] > 0
    assert reasons["failed"] == 0


def test_who_waits_is_served_when_somebody_is_free(city):
    waited = select(func.max(Call.wait_seconds)).where(Call.answered_at.is_not(None))
    assert 0 < db.session.scalar(waited) < 1800
    assert db.session.scalars(select(Call).where(Call.wait_seconds >= 1800)).all() == []


def test_nobody_called_at_a_time_that_has_not_come(city):
    assert db.session.scalar(select(func.max(Call.ended_at))) <= city.now
    assert clock.now() == city.now


def test_some_citizens_call_again_under_the_same_name(city):
    again = db.session.scalars(select(Case).where(Case.repeat_caller)).all()
    cases = db.session.scalar(select(func.count()).select_from(Case))
    assert 0 < len(again) < cases / 2
    for case in again:
        assert case.citizen_name in (None, case.citizen.name)


def test_every_figure_of_every_week_and_department_is_that_of_the_raw_deeds(city):
    today = clock.today()
    led = (
        select(Department.path)
        .where(Department.id.in_(select(Case.lead_department_id)))
        .order_by(Department.id)
    )
    paths = ["", *db.session.scalars(led.limit(12))]
    for first in range(0, DAYS, 7):
        week = Period.of_days(today - timedelta(days=first + 6), today - timedelta(days=first))
        for path in paths:
            agree(week, path)
    for path in paths:
        agree(Period.of_days(today - timedelta(days=DAYS), today), path)
