"""A place kept: the caller hangs up, the place stays, and when it is their turn they are called."""

from __future__ import annotations

import pytest

from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import Call, CallLeg, KeptPlace, MissedCall, QueueEntry
from hotline.services import room
from hotline.services.queues import default_queue, grant_skills
from hotline.services.routing import serve_waiting
from hotline.services.targets import Target
from hotline.words import CallState, EndReason, KeptPlaceState, MissedState, NotReadyReason, QueueExit
from tests.factories.hotline import SwitchCall, make_agent, make_queue

NUMBER = "+8613912340042"


@pytest.fixture
def agent(app, clock):
    agent = make_agent()
    services.become_not_ready(agent, NotReadyReason.BREAK)
    return agent


def wait_in_line(number=NUMBER):
    call = SwitchCall(number)
    call.arrive()
    call.press()
    return call


def leave_place(call, clock):
    """Offered after a minute, taken, heard, down."""
    clock.advance(seconds=60)
    commands = call.tell("digits", leg=call.citizen, value="1", prompt="callback_offer")
    assert "callback_kept" in [command.prompt for command in commands]
    clock.advance(seconds=5)
    call.tell("prompt.done", leg=call.citizen, prompt="callback_kept")
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")


def kept() -> KeptPlace:
    db.session.expire_all()
    return db.session.query(KeptPlace).one()


def stand_in() -> SwitchCall:
    """The outgoing call in the citizen's place, as the switch sees it."""
    row = db.session.get(Call, kept().attempt_call_id)
    call = SwitchCall(NUMBER)
    call.key = row.provider_call
    return call


def citizen_of(call) -> str:
    legs = db.session.query(CallLeg).filter_by(call_id=call.row.id, agent_id=None)
    return legs.one().key


def test_the_caller_hangs_up_and_the_place_stays(agent, clock):
    call = wait_in_line()
    joined = call.row.asked_at
    leave_place(call, clock)
    assert (call.row.end_reason, call.row.wait_seconds) == (EndReason.CALLBACK_TAKEN, 60)
    place = db.session.query(QueueEntry).filter_by(call_id=stand_in().row.id).one()
    assert (place.waiting_since, place.left_at) == (joined, None)
    assert stand_in().row.state is CallState.QUEUED


def test_who_kept_a_place_comes_before_who_called_later(agent, clock):
    first = wait_in_line()
    clock.advance(seconds=1)
    second = wait_in_line("+8613912340043")
    leave_place(first, clock)
    services.become_idle(agent)
    assert (stand_in().row.state, second.row.state) == (CallState.RINGING, CallState.QUEUED)


def test_the_agent_picks_up_the_citizen_is_dialled_and_they_talk(agent, clock):
    leave_place(wait_in_line(), clock)
    services.become_idle(agent)
    call = stand_in()
    (dial,) = call.tell("leg.answered", leg=call.seat_leg)
    assert (dial.type.value, dial.number) == ("ring", NUMBER)
    commands = call.tell("leg.answered", leg=citizen_of(call))
    assert [command.type.value for command in commands] == ["connect", "record"]
    assert (call.row.state, kept().state) == (CallState.TALKING, KeptPlaceState.REACHED)
    assert db.session.query(QueueEntry).filter_by(call_id=call.row.id).one().exit is QueueExit.ANSWERED


def test_an_agent_who_does_not_pick_up_costs_the_citizen_nothing(agent, clock):
    leave_place(wait_in_line(), clock)
    services.become_idle(agent)
    call = stand_in()
    call.tell("leg.ringing", leg=call.seat_leg)
    clock.advance(seconds=16)
    run_due_timers()
    assert (call.row.state, kept().attempts) == (CallState.QUEUED, 0)
    services.become_idle(agent)
    assert call.row.state is CallState.RINGING


def test_in_vain_they_are_called_again_and_after_three_times_no_more(agent, clock):
    leave_place(wait_in_line(), clock)
    for attempt in (1, 2, 3):
        services.become_idle(agent)
        call = stand_in()
        call.tell("leg.answered", leg=call.seat_leg)
        clock.advance(seconds=30)
        call.tell("leg.ended", leg=citizen_of(call), cause="no_answer", by="switch")
        call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
        assert kept().attempts == attempt
        services.become_not_ready(agent, NotReadyReason.BREAK)
        clock.advance(minutes=6)
        run_due_timers()
    assert kept().state is KeptPlaceState.NOT_REACHED
    assert db.session.query(QueueEntry).filter_by(left_at=None).count() == 0


def test_an_attempt_through_a_dead_trunk_does_not_count(agent, clock):
    leave_place(wait_in_line(), clock)
    services.become_idle(agent)
    call = stand_in()
    call.tell("leg.answered", leg=call.seat_leg)
    call.tell("leg.ended", leg=citizen_of(call), cause="congestion", by="switch")
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert (kept().attempts, kept().state) == (0, KeptPlaceState.WAITING)
    services.become_not_ready(agent, NotReadyReason.BREAK)
    clock.advance(minutes=6)
    run_due_timers()
    assert stand_in().row.state is CallState.QUEUED


def called_back(agent) -> SwitchCall:
    """The agent has picked up, and the citizen's telephone is dialled."""
    services.become_idle(agent)
    call = stand_in()
    call.tell("leg.answered", leg=call.seat_leg)
    return call


def both_are_down(call) -> None:
    """The agent's handset first, then the citizen's line, by us."""
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")
    call.tell("leg.ended", leg=citizen_of(call), cause="normal", by="hotline")


def test_an_agent_who_hangs_up_at_once_uses_up_no_attempt(agent, clock):
    default_queue().callback_attempts = 1
    leave_place(wait_in_line(), clock)
    call = called_back(agent)
    clock.advance(seconds=4)
    services.hang_up(agent, call.row)
    both_are_down(call)
    assert (kept().attempts, kept().state) == (0, KeptPlaceState.WAITING)
    clock.advance(minutes=6)
    services.become_not_ready(agent, NotReadyReason.BREAK)
    run_due_timers()
    assert stand_in().row.state is CallState.QUEUED


def test_an_agent_who_puts_the_handset_down_at_once_uses_up_none_either(agent, clock):
    default_queue().callback_attempts = 1
    leave_place(wait_in_line(), clock)
    call = called_back(agent)
    clock.advance(seconds=4)
    both_are_down(call)
    assert (kept().attempts, kept().state) == (0, KeptPlaceState.WAITING)


def test_who_picks_up_when_the_agent_is_just_gone_is_called_again(agent, clock):
    default_queue().callback_attempts = 1
    leave_place(wait_in_line(), clock)
    call = called_back(agent)
    clock.advance(seconds=30)
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")
    clock.advance(seconds=1)
    call.tell("leg.answered", leg=citizen_of(call))
    call.tell("leg.ended", leg=citizen_of(call), cause="normal", by="hotline")
    assert (kept().attempts, kept().state) == (0, KeptPlaceState.WAITING)


def test_an_agent_who_let_it_ring_and_then_hangs_up_has_tried(agent, clock):
    default_queue().callback_attempts = 1
    leave_place(wait_in_line(), clock)
    call = called_back(agent)
    clock.advance(seconds=30)
    services.hang_up(agent, call.row)
    both_are_down(call)
    assert (kept().attempts, kept().state) == (1, KeptPlaceState.NOT_REACHED)


def test_whoever_was_called_back_and_sent_to_a_queue_where_nobody_came_is_owed_a_call(agent, clock):
    leave_place(wait_in_line(), clock)
    call = called_back(agent)
    citizen = citizen_of(call)
    call.tell("leg.answered", leg=citizen)
    clock.advance(seconds=30)
    room.transfer(agent, call.row, Target(queue=default_queue()))
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    clock.advance(minutes=3)
    call.tell("leg.ended", leg=citizen, cause="normal", by="caller")
    waits = db.session.query(QueueEntry).filter_by(call_id=call.row.id).order_by(QueueEntry.id)
    assert [place.exit for place in waits] == [QueueExit.ANSWERED, QueueExit.ABANDONED]
    clock.advance(minutes=31)
    run_due_timers()
    task = db.session.query(MissedCall).one()
    assert (task.number, task.state) == (NUMBER, MissedState.OPEN)


def test_a_kept_place_goes_on_to_the_next_queue_like_any_other(agent, clock):
    other = make_queue("other")
    queue = default_queue()
    queue.next_queue_id, queue.overflow_after = other.id, 180
    db.session.commit()
    first = wait_in_line()
    joined = first.row.asked_at
    leave_place(first, clock)
    for _ in range(20):
        clock.advance(seconds=10)
        run_due_timers()
    places = db.session.query(QueueEntry).filter_by(call_id=stand_in().row.id).order_by(QueueEntry.id).all()
    assert [(place.queue_id, place.exit) for place in places] == [
        (queue.id, QueueExit.OVERFLOWED),
        (other.id, None),
    ]
    assert places[1].waiting_since == joined
    helper = make_agent()
    grant_skills(None, helper, {other.skill_id: 5})
    serve_waiting()
    assert stand_in().row.state is CallState.RINGING


def test_a_place_kept_too_long_becomes_a_missed_call_for_somebody_to_deal_with(agent, clock):
    leave_place(wait_in_line(), clock)
    waiting = stand_in()
    for _ in range(25):
        clock.advance(hours=1)
        run_due_timers()
    assert kept().state is KeptPlaceState.EXPIRED
    assert waiting.row.state is CallState.ENDED
    assert db.session.query(QueueEntry).filter_by(left_at=None).count() == 0
    run_due_timers()
    task = db.session.query(MissedCall).one()
    assert (task.number, task.state) == (NUMBER, MissedState.OPEN)


def test_one_number_keeps_one_place(agent, clock):
    leave_place(wait_in_line(), clock)
    leave_place(wait_in_line(), clock)
    assert db.session.query(KeptPlace).count() == 1


def test_who_gets_through_by_themselves_is_not_called(agent, clock):
    again = wait_in_line()
    leave_place(wait_in_line(), clock)
    waiting = stand_in()
    services.become_idle(agent)  # the other call of the same number has waited for longer
    again.tell("leg.answered", leg=again.seat_leg)
    assert kept().state is KeptPlaceState.CAME_THROUGH
    assert waiting.row.state is CallState.ENDED


def test_the_key_told_after_the_end_counts_as_well(agent, clock):
    call = wait_in_line()
    clock.advance(seconds=60)
    key = call.event("digits", leg=call.citizen, value="1", prompt="callback_offer")
    clock.advance(seconds=1)
    call.caller_hangs_up()
    assert call.row.end_reason is EndReason.ABANDONED_IN_QUEUE
    call.send(key)
    assert call.row.end_reason is EndReason.CALLBACK_TAKEN
    assert kept().state is KeptPlaceState.WAITING
