"""Who is told what when a call moved: the agent's pages, the floor, the floors above."""

from __future__ import annotations

from config.live import tell
from config.phones import mask_phone
from config.timers import set_timer
from hotline import signals
from hotline.engine.seconds import between
from hotline.services.turn import Turn
from hotline.telephony.contract import FALLBACK
from hotline.words import COMES_AGAIN_WITHIN, SHORT_ABANDON_SECONDS, CallState, Direction


def tell_of(turn: Turn) -> None:
    """Compare the call with what it was when the turn began."""
    before, after = turn.state_before, turn.call.state
    _tell_room(turn)
    if before is after:
        _tell_ring(turn) if _rings_anew(turn) else None
        return
    if after is CallState.RINGING:
        _tell_ring(turn)
    elif after is CallState.ENDED:
        _tell_end(turn)
    elif after is CallState.HELD:
        _tell_agent(turn, "call:held")
    elif after is CallState.TALKING:
        if before is CallState.HELD:
            _tell_agent(turn, "call:resumed")
        else:
            _tell_agent(turn, "call:answered")
            signals.tell_after_commit(
                signals.call_answered, call_id=turn.call.id, agent_id=turn.call.agent_id
            )
    tell("floor", "call", {"call_no": turn.call.call_no, "state": after.value})


def ring_facts(turn: Turn) -> dict[str, object]:
    """The screen pop."""
    call = turn.call
    waited = (turn.now - call.queued_at).total_seconds() if call.queued_at else 0
    return {
        "call_id": call.id,
        "call_no": call.call_no,
        "direction": call.direction.value,
        "number_masked": mask_phone(call.caller_number),
        "queue": call.queue.name if call.queue else "",
        "waited": round(max(0.0, waited), 1),
    }


def _tell_room(turn: Turn) -> None:
    """Everybody of ours in a call with guests looks again: who came, who went, who was handed the citizen."""
    if any(leg.purpose is not None for leg in turn.snapshot.legs.values()):
        for leg in turn.snapshot.seat_legs:
            if not leg.is_over:
                tell(f"person:{leg.agent_id}", "call:changed", {"call_no": turn.call.call_no})


def _rings_anew(turn: Turn) -> bool:
    """One seat gave up and the next rings within one turn: the state is the same, the agent another."""
    leg = turn.snapshot.ringing_leg
    return turn.call.state is CallState.RINGING and leg is not None and leg.rung_at == turn.now


def _tell_ring(turn: Turn) -> None:
    leg = turn.snapshot.ringing_leg
    if leg is None:
        return
    tell(f"person:{leg.agent_id}", "call:ringing", ring_facts(turn))
    signals.tell_after_commit(signals.call_ringing, call_id=turn.call.id, agent_id=leg.agent_id)


def _tell_end(turn: Turn) -> None:
    call = turn.call
    assert call.end_reason is not None
    for leg in turn.snapshot.seat_legs:
        if leg.given_up_at is None:
            told = {"call_id": call.id, "call_no": call.call_no, "reason": call.end_reason.value}
            tell(f"person:{leg.agent_id}", "call:ended", told)
    _perhaps_owed(turn)
    outgoing = call.direction is Direction.OUT
    signals.tell_after_commit(signals.call_ended, call_id=call.id, agent_id=call.agent_id, outgoing=outgoing)


def _perhaps_owed(turn: Turn) -> None:
    """Who was sent away before anybody could take them, and who was asked for a message: what is owed to them is seen
    in half an hour as of any other, for the message may be there by then. Who gave up sooner than in earnest had
    misdialled."""
    call, citizen = turn.call, turn.snapshot.citizen
    if citizen is None or call.blocked_at is not None or call.caller_index is None:
        return
    assert call.ended_at is not None
    sent_away = citizen.end_cause == FALLBACK
    wanted = [at for at in (call.asked_at, call.voicemail_at) if at is not None]
    if sent_away:
        since = call.arrived_at
    elif call.voicemail_at is not None and call.answered_at is None:
        since = min(wanted)
    else:
        return
    waited = between(since, call.ended_at) or 0.0
    if waited >= SHORT_ABANDON_SECONDS or (sent_away and citizen.end_by != "caller"):
        set_timer("hotline.missed", call.id, call.ended_at + COMES_AGAIN_WITHIN)


def _tell_agent(turn: Turn, event: str) -> None:
    told = {"call_id": turn.call.id, "call_no": turn.call.call_no}
    leg = turn.snapshot.talking_leg
    tell(f"person:{leg.agent_id if leg else turn.call.agent_id}", event, told)
