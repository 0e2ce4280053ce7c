"""Calls that another switch leads: kept in the log, shown to the one agent whom they concern, owed a call if missed."""

from __future__ import annotations

from dataclasses import dataclass

from config import clock
from config.crypto import blind_index
from config.live import tell
from config.phones import mask_phone
from config.timers import set_timer
from config.transaction import transactional
from hotline import signals
from hotline.engine import elsewhere, facts
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.models import Call
from hotline.services.event_log import bounded
from hotline.services.introduce import readable
from hotline.services.receive import new_call_no
from hotline.services.taking import take
from hotline.services.turn import keep, load
from hotline.telephony.contract import EventMessage
from hotline.words import (
    COMES_AGAIN_WITHIN,
    SHORT_ABANDON_SECONDS,
    CallState,
    Direction,
    EndReason,
    LegRole,
)

MISSED = frozenset({EndReason.ABANDONED_IN_RING, EndReason.OVERFLOWED})


@dataclass(frozen=True)
class Known:
    """What every event of such a call says of it. `agent_id`: the one of ours whom it concerns, if that is clear."""

    direction: Direction
    number: str
    dialled: str
    agent_id: int | None


@transactional
def observe(message: EventMessage, known: Known) -> Call:
    """One event: into the log, and no command. A known id changes nothing."""
    received_at = clock.now()
    message = bounded(message, received_at)
    call, event_id, _is_new = take(message, received_at, lambda first: _begun(first, known))
    if event_id is None:
        return call
    snapshot = load(call)
    before, agent_before = call.state, call.agent_id
    facts.apply(snapshot, message)
    _name_leg(snapshot, message)
    call.agent_id = known.agent_id or call.agent_id
    keep(snapshot)
    elsewhere.derive(snapshot)
    if call.agent_id != agent_before and call.ended_at is None:
        _pop(call)
    if before is not call.state:
        _tell(call)
    return call


def _begun(message: EventMessage, known: Known) -> Call:
    """A call as its first event tells of it."""
    assert message.call is not None
    draft = blank_call(message.provider, message.call, new_call_no(message.at), message.at)
    draft.led_elsewhere, draft.direction, draft.dialled = True, known.direction, known.dialled[:32]
    number = readable(known.number)
    if number is not None:
        draft.caller_number, draft.caller_index = number, blind_index(number)
    return draft


def _name_leg(snapshot: Snapshot, message: EventMessage) -> None:
    """The citizen's leg is told by its beginning and its end, any other is whoever took the call."""
    leg = snapshot.leg(message.leg or "")
    if leg.role is None:
        leg.role = LegRole.OUTSIDE if message.type == "leg.answered" else LegRole.CITIZEN
        leg.seat = message.seat


def _pop(call: Call) -> None:
    """The caller's cases come up at this agent, and at nobody else."""
    told = {"call_no": call.call_no, "number_masked": mask_phone(call.caller_number)}
    tell(f"person:{call.agent_id}", "call:elsewhere", {**told, "direction": call.direction.value})


def _tell(call: Call) -> None:
    if call.state is CallState.TALKING:
        signals.tell_after_commit(signals.call_answered, call_id=call.id, agent_id=call.agent_id)
    elif call.state is CallState.ENDED:
        waited = call.wait_seconds or 0.0
        is_missed = call.direction is Direction.IN and call.end_reason in MISSED
        if is_missed and call.caller_index is not None and waited >= SHORT_ABANDON_SECONDS:
            assert call.ended_at is not None
            set_timer("hotline.missed", call.id, call.ended_at + COMES_AGAIN_WITHIN)
        signals.tell_after_commit(signals.call_ended, call_id=call.id, agent_id=call.agent_id)
