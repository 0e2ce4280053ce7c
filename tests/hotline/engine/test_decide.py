"""Deciding is pure, and at rest there is nothing to decide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline.engine import decisions as do
from hotline.engine.decide import decide
from hotline.engine.derive import derive
from hotline.engine.facts import apply
from hotline.words import LegRole
from tests.hotline.engine.test_facts import everything
from tests.hotline.engine.traces import CITIZEN, FIRST, TRACES, Trace, after


def so_far(trace: Trace, count: int):
    snapshot = trace.snapshot()
    for event in trace.events()[:count]:
        apply(snapshot, event)
    derive(snapshot)
    return snapshot


@given(st.sampled_from(TRACES), st.integers(0, 20))
def test_deciding_changes_nothing_and_asking_twice_gives_the_same(trace, count):
    snapshot = so_far(trace, count)
    before = everything(snapshot)
    first = [type(one) for one in decide(snapshot)]
    assert [type(one) for one in decide(snapshot)] == first
    assert everything(snapshot) == before


def test_nothing_is_decided_about_a_call_nobody_has_announced():
    trace = TRACES[0]
    snapshot = trace.snapshot()
    for event in trace.events()[1:]:
        apply(snapshot, event)
    derive(snapshot)
    assert decide(snapshot) == []


def test_a_citizen_who_is_gone_is_never_connected_to_the_agent_who_picks_up_late():
    trace = next(one for one in TRACES if one.name == "abandoned while it rings")
    snapshot = so_far(trace, 6)
    leg = snapshot.legs[FIRST]
    leg.answered_at = after(14)
    derive(snapshot)
    kinds = [type(one) for one in decide(snapshot)]
    assert do.HangUp in kinds
    assert do.Connect not in kinds


def test_both_telephones_are_put_down_when_the_agent_presses_hang_up():
    snapshot = so_far(TRACES[0], len(TRACES[0].told) - 3)
    snapshot.call.hung_up_at = after(60)
    asked = {one.leg.key for one in decide(snapshot) if isinstance(one, do.HangUp)}
    assert asked == {CITIZEN, FIRST}


def test_a_third_party_of_the_room_is_put_down_with_the_call():
    """Room for what comes next: a leg of any role ends with the citizen's."""
    trace = TRACES[0]
    snapshot = so_far(trace, len(trace.told))
    colleague = snapshot.leg("x")
    colleague.role, colleague.answered_at = LegRole.COLLEAGUE, after(30)
    asked = [one.leg.key for one in decide(snapshot) if isinstance(one, do.HangUp)]
    assert asked == ["x"]
