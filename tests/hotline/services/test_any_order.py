"""Whatever order events reach the database in, and however often: one call, accounted once, everybody free."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.extensions import db
from hotline.models import (
    AgentPresence,
    AgentStateChange,
    Call,
    CallLeg,
    KeptPlace,
    QueueEntry,
    Voicemail,
)
from hotline.services.queues import default_queue
from hotline.words import IN_CALL_STATES, CallState
from tests.factories.hotline import make_agent
from tests.hotline.services.playing import PLOTS, PlayedCall, Plot

ACCOUNT = (
    "end_reason",
    "wait_seconds",
    "ring_seconds",
    "talk_seconds",
    "hold_seconds",
    "rating",
    "arrived_at",
    "queued_at",
    "answered_at",
    "ended_at",
)


def play(plot: Plot, start, choose) -> dict:
    """The whole call; `choose(waiting)` names the next event, or None for one already heard. Its account."""
    for _ in range(plot.agents):
        make_agent()
    if plot.closed:
        queue = default_queue()
        queue.opens_at, queue.closes_at = time(3, 0), time(3, 1)
        db.session.commit()
    played = PlayedCall(plot, start)
    played.begin()
    steps = 0
    while played.pending and steps < 200:
        steps += 1
        index = choose(len(played.pending))
        if index is None and played.heard:
            played.deliver_again(steps)
        else:
            played.deliver(index or 0)
    for number in range(len(played.heard)):
        played.deliver_again(number)
    return account(played)


def account(played: PlayedCall) -> dict:
    db.session.expire_all()
    call = db.session.query(Call).filter_by(provider_call=played.key).one()
    assert call.state is CallState.ENDED
    legs = db.session.query(CallLeg).filter_by(call_id=call.id)
    assert all(leg.is_over for leg in legs)
    assert sorted(leg.key for leg in legs if leg.agent_id) == sorted(played.legs)
    assert all(entry.left_at for entry in db.session.query(QueueEntry).filter_by(call_id=call.id))
    exits = {"voicemail": "voicemail", "callback_taken": "callback"}
    if (exit_ := exits.get(call.end_reason.value)) is not None:
        left = db.session.query(QueueEntry).filter_by(call_id=call.id).one()
        assert left.exit.value == exit_
        kept = db.session.query(KeptPlace).filter_by(call_id=call.id).count()
        messages = db.session.query(Voicemail).filter_by(call_id=call.id).count()
        assert (messages, kept) == ((1, 0) if exit_ == "voicemail" else (0, 1))
    agents = {leg.agent_id for leg in legs if leg.agent_id}
    for agent_id in agents:
        presence = db.session.query(AgentPresence).filter_by(agent_id=agent_id).one()
        assert presence.state not in IN_CALL_STATES
        open_rows = db.session.query(AgentStateChange).filter_by(agent_id=agent_id, until_at=None)
        assert [row.state for row in open_rows] == [presence.state]
    return {name: getattr(call, name) for name in ACCOUNT}


@contextmanager
def undone() -> Iterator[None]:
    """What the services commit within is rolled back: every play begins on an empty stage."""
    db.session.remove()
    savepoint = db.engine.begin_nested()  # the test's one connection stands in for the engine
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


@pytest.fixture
def in_order(app, clock):
    """What each plot comes to when everything arrives as it happens."""
    start, accounts = clock.at, {}
    for plot in PLOTS:
        with undone():
            accounts[plot.name] = play(plot, start, lambda _waiting: 0)
        clock.set(start)
    return start, accounts


def test_in_order_every_plot_ends_as_its_name_says(in_order):
    _start, accounts = in_order
    reasons = {name: account["end_reason"].value for name, account in accounts.items()}
    assert reasons == {
        "answered, the caller hangs up": "caller_hung_up",
        "answered, the agent hangs up": "agent_hung_up",
        "answered, held and resumed": "caller_hung_up",
        "abandoned in the welcome": "ended_in_ivr",
        "asked for a case three times in vain, answered": "caller_hung_up",
        "abandoned deep in the menu": "ended_in_ivr",
        "abandoned in the queue": "abandoned_in_queue",
        "abandoned while it rings": "abandoned_in_ring",
        "nobody picks up, another agent does": "caller_hung_up",
        "asks to be called back": "callback_taken",
        "asks to be called back and hangs up at once": "callback_taken",
        "leaves a message": "voicemail",
    }
    assert accounts["answered, the agent hangs up"]["rating"] == 5
    assert accounts["asks to be called back"]["wait_seconds"] == 60
    assert accounts["leaves a message"]["wait_seconds"] == 0
    assert accounts["answered, held and resumed"]["hold_seconds"] == 15


@given(data=st.data(), plot=st.sampled_from(PLOTS))
def test_any_order_and_any_repetition_comes_to_the_same(in_order, clock, data, plot):
    start, accounts = in_order
    clock.set(start)

    def choose(waiting: int) -> int | None:
        return data.draw(st.one_of(st.integers(0, waiting - 1), st.none()))

    with undone():
        found = play(plot, start, choose)
    assert found == accounts[plot.name]
