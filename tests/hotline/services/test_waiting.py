"""Who waits is told so, offered a call, sent on or asked for a message; and who cannot wait is not left hanging."""

from __future__ import annotations

from datetime import time

import pytest

from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import CallCommand, MissedCall, QueueEntry, Voicemail
from hotline.queries import accuracy
from hotline.services.queues import default_queue, grant_skills, save_queue
from hotline.words import CallState, EndReason, NotReadyReason, OtherWay, QueueExit
from tests.factories.hotline import make_agent, make_queue, waiting_call


@pytest.fixture
def on_a_break(app, clock):
    """One agent, signed on, but in a break: whoever calls waits."""
    agent = make_agent()
    services.become_not_ready(agent, NotReadyReason.BREAK)
    return agent


def settings(**changes):
    queue = default_queue()
    return save_queue(None, queue.code, name=queue.name, skill_id=queue.skill_id, **changes)


def let_pass(clock, seconds):
    """Second by second would be true; every five it is quick."""
    for _ in range(0, seconds, 5):
        clock.advance(seconds=5)
        run_due_timers()


def ordered(call, type_):
    """Commands of the call that went by the stream."""
    rows = db.session.query(CallCommand).filter_by(call_id=call.row.id, type=type_, event_id=None)
    return [row.args for row in rows.order_by(CallCommand.id)]


def entries(call):
    return db.session.query(QueueEntry).filter_by(call_id=call.row.id).order_by(QueueEntry.id).all()


def test_place_and_wait_are_told_every_thirty_seconds_and_the_place_stays(on_a_break, clock):
    first = waiting_call()
    clock.advance(seconds=1)
    second = waiting_call("+8613912340043")
    let_pass(clock, 95)
    said = [args["text"] for args in ordered(second, "say")]
    assert len(said) == 3
    assert "1" in said[0]
    assert ordered(first, "say")[0]["text"] != said[0]
    assert [entry.left_at for entry in entries(second)] == [None]


def test_an_announcement_is_never_said_while_a_telephone_rings(on_a_break, clock):
    call = waiting_call()
    let_pass(clock, 25)
    services.become_idle(on_a_break)
    clock.advance(seconds=10)
    run_due_timers()
    assert call.row.state is CallState.RINGING
    assert ordered(call, "say") == []


def test_a_call_back_is_offered_once_at_sixty_seconds_and_never_to_a_withheld_number(on_a_break, clock):
    call, withheld = waiting_call(), waiting_call("anonymous")
    let_pass(clock, 55)
    assert ordered(call, "gather") == []
    let_pass(clock, 60)
    assert [args["prompt"] for args in ordered(call, "gather")] == ["callback_offer"]
    assert ordered(withheld, "gather") == []


def test_after_two_minutes_they_wait_in_the_next_queue_with_the_time_waited(on_a_break, clock):
    other = make_queue("second")
    settings(next_queue_id=other.id)
    call = waiting_call()
    joined = entries(call)[0].joined_at
    let_pass(clock, 125)
    first, second = entries(call)
    assert (first.exit, second.queue_id) == (QueueExit.OVERFLOWED, other.id)
    assert (second.waiting_since, second.left_at) == (joined, None)
    assert call.row.queue_id == other.id


def test_who_waited_longer_elsewhere_comes_first_in_the_next_queue(on_a_break, clock):
    other = make_queue("second", when_nobody=OtherWay.WAIT)
    settings(next_queue_id=other.id)
    early = waiting_call()
    let_pass(clock, 100)
    save_queue(None, "second", name="second", skill_id=other.skill_id, is_default=True)
    late = waiting_call("+8613912340043")
    let_pass(clock, 25)
    agent = make_agent()
    services.become_not_ready(agent, NotReadyReason.BREAK)
    grant_skills(None, agent, {other.skill_id: 5})
    services.become_idle(agent)
    assert (early.row.state, late.row.state) == (CallState.RINGING, CallState.QUEUED)


def test_a_full_queue_turns_away_and_hangs_up_after_the_announcement(on_a_break, clock):
    settings(most_waiting=1, when_full=OtherWay.TURN_AWAY)
    waiting_call()
    call = waiting_call("+8613912340043")
    assert [c.prompt for c in call.commands if c.type.value == "play"] == ["busy"]
    (command,) = call.tell("prompt.done", leg=call.citizen, prompt="busy")
    assert command.type.value == "hangup"
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.OVERFLOWED
    assert entries(call)[0].exit is QueueExit.OVERFLOWED


def test_a_full_queue_sends_to_the_next_which_is_counted_in_both(on_a_break, clock):
    other = make_queue("second")
    settings(most_waiting=1, when_full=OtherWay.NEXT_QUEUE, next_queue_id=other.id)
    waiting_call()
    call = waiting_call("+8613912340043")
    assert [(e.queue_id == other.id, e.exit) for e in entries(call)] == [
        (False, QueueExit.OVERFLOWED),
        (True, None),
    ]


def test_queues_that_send_on_in_a_circle_end_in_a_message(on_a_break, clock):
    other = make_queue("second", opens_at=time(3), closes_at=time(3, 1), when_closed=OtherWay.NEXT_QUEUE)
    first = settings(
        opens_at=time(3), closes_at=time(3, 1), when_closed=OtherWay.NEXT_QUEUE, next_queue_id=other.id
    )
    save_queue(None, "second", name="second", skill_id=other.skill_id, next_queue_id=first.id)
    assert waiting_call().row.state is CallState.VOICEMAIL


def test_with_nobody_signed_on_a_message_is_asked_for_and_becomes_a_task(app, clock):
    call = waiting_call()
    let_pass(clock, 5)
    assert call.row.state is CallState.QUEUED
    let_pass(clock, 10)
    assert call.row.state is CallState.VOICEMAIL
    (record,) = ordered(call, "record")
    assert (record["timeout"], record["prompt"], record["leg"]) == (180, "voicemail", call.citizen)
    ready = {"url": "file:///m.wav", "seconds": 7.0, "sha256": "0" * 64, "prompt": "voicemail"}
    commands = call.tell("recording.ready", leg=call.citizen, **ready)
    assert "voicemail_thanks" in [command.prompt for command in commands]
    call.caller_hangs_up()
    assert call.row.end_reason is EndReason.VOICEMAIL
    assert db.session.query(Voicemail).one().seconds == 7


def test_somebody_in_a_break_is_somebody(on_a_break, clock):
    call = waiting_call()
    let_pass(clock, 25)
    assert call.row.state is CallState.QUEUED


def test_what_was_expected_is_measured_against_what_happened(on_a_break, clock):
    call = waiting_call()
    (entry,) = entries(call)
    assert entry.estimated_seconds is None  # in a break nobody is at work
    settings()
    services.become_idle(on_a_break)
    call.tell("leg.answered", leg=call.seat_leg)
    clock.advance(seconds=60)
    second = waiting_call("+8613912340043")
    (entry,) = entries(second)
    assert round(entry.estimated_seconds) == 210  # one agent, whose talks take what talks usually take
    clock.advance(seconds=180)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    services.finish_wrap_up(on_a_break)
    second.tell("leg.answered", leg=second.seat_leg)
    found = accuracy(default_queue())
    assert (found.waits, round(found.mean_error), found.near) == (1, 30, 1.0)


def turned_away(call, prompt):
    """Told to the end, and put down."""
    call.tell("prompt.done", leg=call.citizen, prompt=prompt)
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.OVERFLOWED


def owed_after_half_an_hour(clock):
    clock.advance(minutes=31)
    run_due_timers()
    return db.session.query(MissedCall).count()


def test_who_waited_and_was_put_down_because_nobody_is_at_work_is_owed_a_call(app, clock):
    settings(when_nobody=OtherWay.TURN_AWAY)
    call = waiting_call()
    let_pass(clock, 15)
    turned_away(call, "closed")
    assert owed_after_half_an_hour(clock) == 1


def test_whom_a_queue_does_not_let_in_has_not_waited_and_is_owed_none(on_a_break, clock):
    settings(opens_at=time(3), closes_at=time(3, 1), when_closed=OtherWay.TURN_AWAY)
    turned_away(waiting_call(), "closed")
    settings(opens_at=None, closes_at=None, most_waiting=1, when_full=OtherWay.TURN_AWAY)
    waiting_call("+8613912340043")
    turned_away(waiting_call("+8613912340044"), "busy")
    assert owed_after_half_an_hour(clock) == 0
