"""What follows for a call that another switch leads: it is told of, and nothing is decided about it.

Such a switch tells three things in any order: that there is a call, that somebody took it, that it is over. Whatever
is heard first shows that the call is; whoever took it did so before its end.
"""

from __future__ import annotations

from hotline.engine.seconds import between
from hotline.engine.snapshot import Snapshot
from hotline.models import CallLeg
from hotline.words import CallState, Direction, EndReason, LegRole

VOICEMAIL = "voicemail"
FAILED = frozenset({"unreachable", "congestion", "lost", "failed"})


def derive(snapshot: Snapshot) -> None:
    """Recompute every derived column of the call; its agent is what the switch said."""
    call, citizen, taker = snapshot.call, snapshot.citizen, _taker(snapshot)
    call.arrived_at = call.first_heard_at
    call.ended_at = citizen.ended_at if citizen is not None else None
    taken = taker.answered_at if taker is not None else None
    if taken is not None and call.ended_at is not None:
        taken = min(taken, call.ended_at)
    by_somebody = taker is not None and taker.seat != VOICEMAIL
    call.answered_at = taken if by_somebody else None
    call.end_reason = _end_reason(snapshot, taker) if call.ended_at is not None else None
    call.wait_seconds = between(call.arrived_at, call.answered_at or call.ended_at)
    call.talk_seconds = between(call.answered_at, call.ended_at)
    call.hold_seconds = 0.0 if call.talk_seconds is not None else None
    call.state = _state(snapshot)


def _taker(snapshot: Snapshot) -> CallLeg | None:
    taken = [leg for leg in snapshot.legs.values() if leg.role is not LegRole.CITIZEN and leg.answered_at]
    return min(taken, key=lambda leg: leg.key) if taken else None


def _state(snapshot: Snapshot) -> CallState:
    call = snapshot.call
    if call.ended_at is not None:
        return CallState.ENDED
    return CallState.TALKING if call.answered_at is not None else CallState.RINGING


def _end_reason(snapshot: Snapshot, taker: CallLeg | None) -> EndReason:
    """Who hung up is not told: of a talk it is taken to be the citizen."""
    call, cause = snapshot.call, snapshot.citizen.end_cause if snapshot.citizen is not None else ""
    if taker is not None:
        return EndReason.VOICEMAIL if taker.seat == VOICEMAIL else EndReason.CALLER_HUNG_UP
    if call.direction is Direction.OUT or cause in FAILED:
        return EndReason.FAILED
    return EndReason.OVERFLOWED if cause == "forwarded" else EndReason.ABANDONED_IN_RING
