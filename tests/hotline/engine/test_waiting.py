"""What is due in a wait, second by second."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.waiting import LOOK_AGAIN_EVERY, Rules, Step, Wait, due, next_look
from tests.hotline.engine.traces import START, after

RULES = Rules(
    announce_every=30,
    callback_after=60,
    overflow_after=120,
    nobody_after=10,
    nobody_waits=True,
    has_next=True,
)


def test_the_rules_of_the_domain_come_at_their_seconds():
    wait = Wait(START, START)
    assert due(wait, RULES, after(29)) == []
    assert due(wait, RULES, after(30)) == [Step.ANNOUNCE]
    told = Wait(START, START, announced_at=after(60))
    assert due(told, RULES, after(61)) == [Step.OFFER]
    offered = Wait(START, START, announced_at=after(100), offered_at=after(60))
    assert due(offered, RULES, after(120)) == [Step.OVERFLOW]


def test_in_the_next_queue_the_offer_goes_by_the_whole_wait_and_overflow_by_the_wait_there():
    wait = Wait(after(120), START)
    assert due(wait, RULES, after(121)) == [Step.OFFER]
    assert Step.OVERFLOW not in due(wait, RULES, after(239))


def test_what_is_switched_off_never_comes():
    off = Rules(0, 0, 0, 0, nobody_waits=True, has_next=True)
    assert due(Wait(START, START), off, after(3600)) == []
    withheld = Wait(START, START, announced_at=after(3599), can_be_called=False)
    alone = Rules(30, 60, 120, 0, nobody_waits=True, has_next=False)
    assert due(withheld, alone, after(3600)) == []


@given(
    st.integers(0, 600), st.integers(0, 600), st.integers(0, 600), st.integers(0, 600), st.booleans(),
    st.integers(0, 1200),
)  # fmt: skip
def test_one_always_looks_again_soon_and_never_past_a_step(every, offer, overflow, nobody, waits, now):
    rules = Rules(every, offer, overflow, nobody, nobody_waits=waits, has_next=True)
    wait, moment = Wait(START, START), after(now)
    look = next_look(wait, rules, moment)
    assert moment < look <= moment + LOOK_AGAIN_EVERY
    assert set(due(wait, rules, look - timedelta(microseconds=1))) == set(due(wait, rules, moment))
