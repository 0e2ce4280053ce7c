"""The carrier's end of the trunk hangs while thirty people are on the line: each call ends and is accounted once, its
agent is free, and who waited is owed a call."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from bench.exchange import Exchange, exchange
from config.extensions import db
from config.timers import Timer
from hotline.models import AgentPresence, Call, Trunk
from hotline.queries import trunks_down
from hotline.words import AgentState, CallState, EndReason
from tests.switch.pbx import wait_for

pytestmark = pytest.mark.switch

SEATS, CALLERS = 20, 30
NOTICED_S = 40
ENDED_S = 40
"""Sooner than the switch alone, which keeps a line without voice for a minute, would have ended them."""


@pytest.fixture
def full() -> Iterator[Exchange]:
    """Every agent talks, ten callers wait, and all of them are heard."""
    with exchange(SEATS, wrap_up=1, rings_ms=200, talks_ms=600_000, voices=True) as made:
        made.sip.callers_call(CALLERS, 5, stays_ms=600_000, voices=True)
        with made.app.app_context():
            wait_for(
                lambda: states() == {CallState.TALKING: 20, CallState.QUEUED: 10}, 60, lambda: f"{states()}"
            )
            wait_for(lambda: the_trunk().online, 30, "told that the line is there")
            yield made


def states() -> Counter[CallState]:
    db.session.rollback()
    return Counter(state for (state,) in db.session.query(Call.state))


def agents() -> Counter[AgentState]:
    db.session.rollback()
    return Counter(state for (state,) in db.session.query(AgentPresence.state))


def the_trunk() -> Trunk:
    db.session.rollback()
    return db.session.query(Trunk).one()


def test_a_trunk_that_hangs_among_thirty_calls(full: Exchange):
    talked = {call.id for call in db.session.query(Call).filter_by(state=CallState.TALKING)}
    fell = the_trunk().fell_times
    carrier = full.sip.processes["callers"]
    carrier.send_signal(signal.SIGSTOP)
    try:
        wait_for(lambda: not the_trunk().online, NOTICED_S, "told that the line is gone")
        assert the_trunk().fell_times == fell + 1
        assert [trunk.name for trunk in trunks_down()] == ["trunk"]
        assert '"trunk_down"' in full.hotline.log("web")
        wait_for(lambda: states() == {CallState.ENDED: CALLERS}, ENDED_S, lambda: f"{states()}")
        calls = db.session.query(Call).all()
        assert len({call.caller_number for call in calls}) == len(calls) == CALLERS
        assert {call.end_reason for call in calls} == {EndReason.FAILED}
        assert {call.id for call in calls if call.talk_seconds} == talked
        wait_for(lambda: agents() == {AgentState.IDLE: SEATS}, 15, lambda: f"{agents()}")
        wait_for(lambda: not full.channels(), 15, lambda: f"{full.channels()}")
        owed = {int(key) for (key,) in db.session.query(Timer.key).filter_by(kind="hotline.missed")}
        assert owed == {call.id for call in calls} - talked
    finally:
        carrier.send_signal(signal.SIGKILL)
