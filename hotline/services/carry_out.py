"""How each decision is done: rows changed, commands ordered, timers set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from config.extensions import db
from config.timers import set_timer
from hotline import signals
from hotline.engine import decisions as do
from hotline.engine.snapshot import blank_leg
from hotline.models import AgentPresence, CallLeg, CallQueue
from hotline.services import (
    failed_rings,
    goodbye,
    holding,
    listening,
    queue_callback,
    queueing,
    routing,
    survey,
    waiting,
)
from hotline.services.orders import order
from hotline.services.presence import change, lock_presence
from hotline.services.queues import default_queue
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType
from hotline.words import AgentState, LegPhase, LegRole, NotReadyReason, Purpose

SWITCH_GIVES_UP_LATER = 5  # seconds: our own timer should be first, the switch's is the net below it
CITIZEN_RINGS = 45
DEFAULT_WRAP_UP = 30


def carry_out(turn: Turn, decision: do.Decision) -> None:
    """Do it."""
    DEEDS[type(decision)](turn, decision)


def _greet(turn: Turn, _decision: do.Greet) -> None:
    call, citizen = turn.call, turn.snapshot.citizen
    assert citizen is not None
    call.greeted_at = turn.now
    order(turn, CommandType.ANSWER, leg=citizen.key)


def _seek(turn: Turn, _decision: do.Seek) -> None:
    queue = _queue(turn)
    presence = routing.claim_agent(turn.call, queue)
    if presence is None:
        turn.snapshot.sought = True
        waiting.watch(turn, queue)
        return
    assert turn.snapshot.entry is not None
    leg = ring_seat(turn, presence, queue.ring_timeout)
    turn.snapshot.entry.offered = True
    change(presence, AgentState.RESERVED, turn.now, call=turn.call, leg=leg)
    signals.tell_after_commit(signals.queue_changed, queue_id=queue.id)


def ring_seat(turn: Turn, presence: AgentPresence, timeout: int, *, role: LegRole = LegRole.AGENT) -> CallLeg:
    """A new leg to an agent: to the telephone at their seat, or to the number they forward to (呼叫转移). The agent's
    state is the caller's affair."""
    assert presence.seat is not None
    leg = blank_leg(turn.snapshot.next_leg_key())
    leg.role, leg.agent_id, leg.seat = role, presence.agent_id, presence.seat.number
    leg.rung_at, leg.phase, leg.call_id = turn.now, LegPhase.RESERVED, turn.call.id
    leg.number = presence.forwards_to
    turn.snapshot.legs[leg.key] = leg
    db.session.add(leg)
    timeouts = timeout + SWITCH_GIVES_UP_LATER
    if leg.number:
        order(turn, CommandType.RING, leg=leg.key, number=leg.number, role=role.value, timeout=timeouts)
    else:
        order(turn, CommandType.RING, leg=leg.key, seat=leg.seat, role=role.value, timeout=timeouts)
    _time_out(turn, leg, timeout)
    return leg


def _time_out(turn: Turn, leg: CallLeg, seconds: int) -> None:
    at = turn.now + timedelta(seconds=seconds)
    set_timer("hotline.ring", leg.key, at, call_id=turn.call.id, seconds=seconds)


def ring_outside(turn: Turn, number: str, timeout: int) -> CallLeg:
    """A new leg to somebody who is none of ours."""
    leg = blank_leg(turn.snapshot.next_leg_key())
    leg.role, leg.number, leg.rung_at, leg.call_id = LegRole.OUTSIDE, number, turn.now, turn.call.id
    turn.snapshot.legs[leg.key] = leg
    db.session.add(leg)
    timeouts, role = timeout + SWITCH_GIVES_UP_LATER, LegRole.OUTSIDE.value
    order(turn, CommandType.RING, leg=leg.key, number=number, role=role, timeout=timeouts)
    _time_out(turn, leg, timeout)
    return leg


def _let_in(turn: Turn, decision: do.LetIn) -> None:
    decision.leg.connected_at = turn.now
    order(turn, CommandType.ADD, leg=decision.leg.key)


def _listen(turn: Turn, decision: do.Listen) -> None:
    leg = decision.leg
    assert leg.hears is not None
    leg.heard, leg.connected_at = leg.hears.value, turn.now
    order(turn, CommandType.LISTEN, target=decision.target.key, by=leg.key, mode=leg.hears.value)


def _listen_anew(turn: Turn, having: CallLeg) -> None:
    """Another has the citizen: who listened hears them, or nobody any more."""
    for leg in listening.goes_to(turn, having):
        put_down(turn, leg, listening.NOT_THEIRS)


def _begin_anew(turn: Turn) -> bool:
    """Somebody else has the citizen: what the one before had asked for is over. True if the recording was paused, which
    its next agent does not know, and nobody would have ended."""
    call, was_paused = turn.call, turn.call.recording_paused_at is not None
    call.help_asked_at = call.recording_paused_at = call.recording_paused_until = None
    return was_paused


def _hand_over(turn: Turn, decision: do.HandOver) -> None:
    """One of ours becomes the agent, with all that follows; somebody outside just has the citizen."""
    leg = decision.leg
    for other in turn.snapshot.legs.values():
        if other.purpose is Purpose.TRANSFER:  # who still rings, or did not come, is to have nobody any more
            other.purpose = Purpose.LISTEN if other.role is LegRole.SUPERVISOR else Purpose.CONSULT
    leg.purpose = Purpose.THROUGH
    if leg.agent_id is not None:
        leg.role = LegRole.AGENT
        leg.connected_at = leg.connected_at or turn.now
    _listen_anew(turn, leg)
    if _begin_anew(turn):
        order(turn, CommandType.RECORD, action="start")
    if turn.snapshot.on_hold:
        holding.resume(turn)


def _send_on(_turn: Turn, decision: do.SendOn) -> None:
    decision.leg.purpose = Purpose.TRANSFER


def _requeue(turn: Turn, _decision: do.Requeue) -> None:
    turn.call.requeued_at = turn.now
    if turn.call.queue_id is None:
        turn.call.queue = default_queue()
        turn.call.queue_id = turn.call.queue.id
    for leg in listening.waits_in(turn, _queue(turn)):
        put_down(turn, leg, listening.NOT_THEIRS)


def _connect(turn: Turn, decision: do.Connect) -> None:
    citizen = turn.snapshot.citizen
    assert citizen is not None
    decision.leg.connected_at = turn.now
    _listen_anew(turn, decision.leg)
    if turn.snapshot.on_hold and any(guest.connected_at for guest in turn.snapshot.company):
        order(turn, CommandType.ADD, leg=decision.leg.key)  # back to the guest; the citizen goes on waiting
    else:
        order(turn, CommandType.CONNECT, legs=[citizen.key, decision.leg.key])
        holding.ended_by_itself(turn, citizen)
    if decision.leg.purpose is not Purpose.RETURN:
        _begin_anew(turn)
    if turn.call.recording_paused_at is None:
        order(turn, CommandType.RECORD, action="start")


def _dial(turn: Turn, _decision: do.Dial) -> None:
    leg = blank_leg(turn.snapshot.next_leg_key())
    leg.role, leg.rung_at, leg.call_id = LegRole.CITIZEN, turn.now, turn.call.id
    leg.number = turn.call.caller_number
    turn.snapshot.legs[leg.key] = leg
    db.session.add(leg)
    role = LegRole.CITIZEN.value
    order(turn, CommandType.RING, leg=leg.key, number=leg.number, role=role, timeout=CITIZEN_RINGS)


def _hang_up(turn: Turn, decision: do.HangUp) -> None:
    put_down(turn, decision.leg, decision.reason)


def put_down(turn: Turn, leg: CallLeg, reason: str = "normal") -> None:
    """Put this telephone down, once."""
    if leg.hangup_asked_at is None:
        leg.hangup_asked_at = turn.now
        order(turn, CommandType.HANGUP, leg=leg.key, reason=reason)


def _move_agent(turn: Turn, decision: do.MoveAgent) -> None:
    """The agent goes where their leg is; one who is no longer with this leg (signed out by force) stays."""
    leg = decision.leg
    leg.phase = decision.phase
    assert leg.agent_id is not None
    presence = lock_presence(leg.agent_id)
    if presence is None or presence.leg_id is None or presence.leg_id != leg.id:
        return
    sets_aside = decision.failed and failed_rings.count(turn, presence, leg)
    if decision.missed or leg.answered_at is not None:
        failed_rings.forget(presence)
    if decision.phase is LegPhase.TALKING:
        change(presence, AgentState.TALKING, turn.now, call=turn.call, leg=leg)
    elif decision.wrap_up:
        lasts = turn.call.queue.wrap_up_seconds if turn.call.queue else DEFAULT_WRAP_UP
        until = turn.now + timedelta(seconds=lasts)
        change(presence, AgentState.WRAP_UP, turn.now, wrap_until=until)
        set_timer("hotline.wrap_up", presence.agent_id, until)
    elif (decision.missed or sets_aside) and not (presence.next_reason and leg.role is not LegRole.AGENT):
        reason = NotReadyReason.NO_TELEPHONE if sets_aside else NotReadyReason.NO_ANSWER
        change(presence, AgentState.NOT_READY, turn.now, reason=reason)
    elif presence.next_reason:
        reason, presence.next_reason = NotReadyReason(presence.next_reason), None
        change(presence, AgentState.NOT_READY, turn.now, reason=reason)
    else:
        change(presence, AgentState.IDLE, turn.now, keeps_turn=True)
        turn.somebody_idle = True


def _walk(turn: Turn, decision: do.Walk) -> None:
    from hotline.services import menu  # which rings and puts down as this module does

    menu.take_step(turn, decision)


def _queue(turn: Turn) -> CallQueue:
    queue = turn.call.queue or db.session.get(CallQueue, turn.call.queue_id)
    assert queue is not None
    return queue


DEEDS: dict[type[do.Decision], Callable[[Turn, Any], None]] = {
    do.Greet: _greet,
    do.Walk: _walk,
    do.Enqueue: queueing.enqueue,
    do.Seek: _seek,
    do.PutBack: queueing.put_back,
    do.LeaveQueue: queueing.leave,
    do.KeepPlace: lambda turn, _decision: queue_callback.keep(turn),
    do.AskRating: lambda turn, _decision: survey.begin(turn),
    do.SayGoodbye: lambda turn, decision: goodbye.say(turn, decision.prompt),
    do.Connect: _connect,
    do.Dial: _dial,
    do.LetIn: _let_in,
    do.Listen: _listen,
    do.HandOver: _hand_over,
    do.SendOn: _send_on,
    do.Resume: lambda turn, _decision: holding.resume(turn),
    do.Requeue: _requeue,
    do.HangUp: _hang_up,
    do.MoveAgent: _move_agent,
}
