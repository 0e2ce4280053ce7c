"""Facts commute: whatever order the events of a call arrive in, and however often, the call is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.derive import derive, phase
from hotline.engine.facts import apply
from hotline.engine.snapshot import Snapshot
from hotline.models import Call, CallLeg
from hotline.words import CallState, LegPhase
from tests.hotline.engine.traces import TRACES, Trace


def told(trace: Trace, events) -> Snapshot:
    snapshot = trace.snapshot()
    for event in events:
        apply(snapshot, event)
        derive(snapshot)  # as the services do after every event: a hasty conclusion must not stick
    return snapshot


def columns(row, table) -> dict:
    return {column.key: getattr(row, column.key) for column in table.__mapper__.columns}


def everything(snapshot: Snapshot) -> tuple:
    legs = {key: columns(leg, CallLeg) for key, leg in sorted(snapshot.legs.items())}
    return columns(snapshot.call, Call), legs


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_a_call_told_in_order_comes_to_what_it_was(trace):
    call = told(trace, trace.events()).call
    assert call.state is CallState.ENDED
    assert {name: getattr(call, name) for name in trace.expected} == trace.expected


@st.composite
def retold(draw):
    """A trace, and its events in another order with some of them twice or thrice."""
    trace = draw(st.sampled_from(TRACES))
    events = trace.events()
    again = draw(st.lists(st.sampled_from(events), max_size=8))
    return trace, draw(st.permutations(events + again))


@given(retold())
def test_a_call_told_in_any_order_and_repeatedly_is_the_same_call(case):
    trace, events = case
    assert everything(told(trace, events)) == everything(told(trace, trace.events()))


@given(retold(), st.data())
def test_our_own_deeds_and_the_switchs_news_commute_too(case, data):
    """The ring was written down before or after its news: the leg is the same."""
    trace, events = case
    late = trace.snapshot()
    deeds, late.legs = late.legs, {}
    moment = data.draw(st.integers(0, len(events)))
    for number, event in enumerate([*events, None]):
        if number == moment:
            for key, deed in deeds.items():
                leg = late.leg(key)
                leg.role, leg.agent_id = deed.role, deed.agent_id
                leg.rung_at, leg.given_up_at = deed.rung_at, deed.given_up_at
        if event is not None:
            apply(late, event)
    derive(late)
    assert everything(late) == everything(told(trace, trace.events()))


@given(retold(), st.data())
def test_a_leg_never_goes_back(case, data):
    """However the news comes, no agent is released and then talking, or talking and then reserved."""
    trace, events = case
    rank = {LegPhase.RESERVED: 0, LegPhase.TALKING: 1, LegPhase.RELEASED: 2}
    snapshot = trace.snapshot()
    highest = dict.fromkeys(snapshot.legs, 0)
    for event in events:
        apply(snapshot, event)
        for leg in snapshot.agent_legs:
            now = rank[phase(leg)]
            assert now >= highest[leg.key]
            highest[leg.key] = now
