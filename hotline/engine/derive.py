"""What follows from the facts: state, answer, end and its reason, seconds. Pure, and the same however often asked."""

from __future__ import annotations

from datetime import datetime

from hotline.engine import elsewhere
from hotline.engine.seconds import between, hold_seconds, is_held
from hotline.engine.snapshot import Snapshot
from hotline.models import Call, CallLeg
from hotline.telephony.contract import FALLBACK
from hotline.words import CALL_OVER, GONE, CallState, Direction, EndReason, LegPhase, LegRole

FAILURES = frozenset({"lost", "shutdown", "failed", "congestion", FALLBACK})
NOT_TAKEN = frozenset({"no_answer", "busy", "rejected"})
"""How a telephone that can be rung says that its owner did not come, or does not want to."""
NO_FAULT_OF_THEIRS = frozenset({"lost", "shutdown", FALLBACK, CALL_OVER})
BREAKS_OFF = FAILURES | {GONE}
"""How the citizen's line ends when nobody hung up: our side failed them, the trunk dropped, no voice came any more."""
RINGS_IN_EARNEST = 20.0
"""Seconds after which whoever was called, and did not pick up, was called in vain."""


def derive(snapshot: Snapshot) -> None:
    """Recompute every derived column of the call."""
    call = snapshot.call
    if call.led_elsewhere:
        return elsewhere.derive(snapshot)
    over = over_at(snapshot)
    answering = answering_leg(snapshot)
    rings = snapshot.agent_legs
    incoming = call.direction is Direction.IN
    call.queued_at = call.asked_at if incoming and call.queue_id is not None else None
    call.offered_at = min((leg.rung_at for leg in rings if leg.rung_at), default=None)
    call.answered_at = talk_began(snapshot, answering) if answering else None
    if incoming or answering:
        current = last_leg(snapshot)
        call.agent_id = current.agent_id if current else None
    call.ended_at = over
    call.end_reason = end_reason(snapshot, answering, over) if over else None
    call.wait_seconds = between(call.queued_at, call.answered_at or waited_until(snapshot) or over)
    call.ring_seconds = _ring_seconds(answering or (rings[-1] if rings else None), over)
    call.hold_seconds, call.talk_seconds = _talk(snapshot, over)
    rated_in_time = call.rated_at is not None and (over is None or call.rated_at <= over)
    call.rating = int(call.rated_key) if rated_in_time and call.survey_at is not None else None
    call.state = state(snapshot)
    return None


def over_at(snapshot: Snapshot) -> datetime | None:
    """When the call ended: with the citizen's leg, or with the last seat where no citizen was ever rung.

    In the place a citizen kept any number of seats may ring in vain: it ends when it is given up.
    """
    citizen = snapshot.citizen
    if citizen is not None:
        return citizen.ended_at
    seats = snapshot.agent_legs
    if snapshot.call.place_since is not None:
        return snapshot.call.hung_up_at if all(leg.is_over for leg in seats) else None
    if snapshot.call.direction is Direction.OUT and seats and all(leg.is_over for leg in seats):
        return max(end_of(leg) for leg in seats)
    return None


def answering_leg(snapshot: Snapshot) -> CallLeg | None:
    """The seat that talked with the citizen first."""
    began = [(at, leg) for leg in snapshot.agent_legs if (at := talk_began(snapshot, leg))]
    return min(began, key=lambda pair: pair[0])[1] if began else None


def last_leg(snapshot: Snapshot) -> CallLeg | None:
    """The seat that has the citizen, or had them last.

    Who was handed them may have been on the line for longer than who had them, so what counts is who left last.
    """
    legs = [leg for leg in snapshot.agent_legs if talk_began(snapshot, leg)]
    return max(legs, key=lambda leg: _stayed(snapshot, leg)) if legs else None


def _stayed(snapshot: Snapshot, leg: CallLeg) -> tuple[bool, datetime, datetime, str]:
    began = talk_began(snapshot, leg)
    assert began is not None
    left = [at for at in (leg.ended_at, leg.hangup_asked_at) if at is not None]
    return not left, min(left, default=began), began, leg.key


def attended_at(snapshot: Snapshot) -> datetime | None:
    """When an agent took the citizen: for the first time, or again since they were sent back into a queue."""
    since = snapshot.call.requeued_at
    legs = [
        leg
        for leg in snapshot.agent_legs
        if since is None or (leg.rung_at is not None and leg.rung_at >= since)
    ]
    return min((at for leg in legs if (at := talk_began(snapshot, leg))), default=None)


def promised_at(snapshot: Snapshot) -> datetime | None:
    """When the citizen asked to be called back. Who was answered after all, and sent back, waits anew."""
    call = snapshot.call
    anew = (
        call.requeued_at is not None and call.callback_at is not None and call.callback_at < call.requeued_at
    )
    return None if anew else call.callback_at


def waited_until(snapshot: Snapshot) -> datetime | None:
    """When the wait ended otherwise than by an agent or by hanging up: in a message, a kept place, a last word."""
    call = snapshot.call
    ways = (call.voicemail_at, promised_at(snapshot), call.farewell_at)
    return min((at for at in ways if at is not None), default=None)


def outside_talk(snapshot: Snapshot, over: datetime) -> tuple[datetime, datetime] | None:
    """From when to when the citizen talked with somebody outside whom the flow had rung; None if they never did."""
    talked = [
        (leg.answered_at, min(leg.ended_at or over, over))
        for leg in snapshot.legs.values()
        if leg.role is LegRole.OUTSIDE and leg.invited_by_id is None and leg.given_up_at is None
        if leg.answered_at is not None and leg.answered_at <= min(leg.ended_at or over, over)
    ]
    return (min(at for at, _end in talked), max(end for _at, end in talked)) if talked else None


def stands_in(call: Call) -> bool:
    """Whether it waits in the place of somebody who is to be called back, not with a citizen who was sent to a queue
    after that."""
    return call.place_since is not None and call.requeued_at is None


def in_hand(snapshot: Snapshot) -> bool:
    """Whether a seat rings for the citizen or has them."""
    return snapshot.ringing_leg is not None or snapshot.talking_leg is not None


def talk_began(snapshot: Snapshot, leg: CallLeg) -> datetime | None:
    """When citizen and seat were both on the line; None if that never was.

    A seat given up has none, even if it was picked up in that moment: the caller is already somebody else's.
    """
    if leg.answered_at is None or leg.given_up_at is not None:
        return None
    began, citizen = leg.answered_at, snapshot.citizen
    if snapshot.call.direction is Direction.OUT:
        if citizen is None or citizen.answered_at is None:
            return None
        began = max(began, citizen.answered_at)
    ends = [end for end in (over_at(snapshot), leg.ended_at) if end is not None]
    return began if all(began <= end for end in ends) else None


def end_reason(snapshot: Snapshot, answering: CallLeg | None, over: datetime) -> EndReason:
    """Why the call is over."""
    call, citizen = snapshot.call, snapshot.citizen
    if call.blocked_at is not None:
        return EndReason.BLOCKED
    if citizen is not None and citizen.end_cause in BREAKS_OFF:
        return EndReason.FAILED
    if answering is not None:
        return _who_hung_up(snapshot, over)
    if call.voicemail_at is not None:
        return EndReason.VOICEMAIL
    if promised_at(snapshot) is not None:
        return EndReason.CALLBACK_TAKEN
    if call.direction is Direction.OUT:
        picked_up = any(leg.answered_at for leg in snapshot.agent_legs)
        left = call.hung_up_at is not None or any(_ended_before(leg, over) for leg in snapshot.agent_legs)
        return EndReason.AGENT_HUNG_UP if picked_up and left else EndReason.FAILED
    if call.queued_at is None:
        return EndReason.PUT_THROUGH if outside_talk(snapshot, over) else EndReason.ENDED_IN_IVR
    if call.farewell_at is not None:
        return EndReason.OVERFLOWED
    if any(_rang_at(leg, over) for leg in snapshot.agent_legs):
        return EndReason.ABANDONED_IN_RING
    return EndReason.ABANDONED_IN_QUEUE


def state(snapshot: Snapshot) -> CallState:
    """Where the call is, from the facts and from what was derived of them above."""
    call = snapshot.call
    if call.ended_at is not None:
        return CallState.ENDED
    if call.survey_at is not None:
        return CallState.SURVEY
    if call.answered_at is not None and attended_at(snapshot) is not None:
        citizen = snapshot.citizen
        held = citizen is not None and is_held(citizen.held_at, citizen.resumed_at)
        return CallState.HELD if held else CallState.TALKING
    if call.voicemail_at is not None:
        return CallState.VOICEMAIL
    sent_back = call.requeued_at is not None
    if stands_in(call):
        return CallState.RINGING if in_hand(snapshot) else CallState.QUEUED
    if snapshot.ringing_leg is not None or (call.direction is Direction.OUT and not sent_back):
        return CallState.RINGING
    if call.queued_at is not None or sent_back:
        return CallState.QUEUED
    return CallState.IVR if call.greeted_at is not None else CallState.ARRIVED


def phase(leg: CallLeg) -> LegPhase:
    """What the agent of this leg should be doing because of it."""
    if leg.is_over:
        return LegPhase.RELEASED
    return LegPhase.TALKING if leg.answered_at else LegPhase.RESERVED


def talked(snapshot: Snapshot, leg: CallLeg) -> bool:
    """Whether this seat ever had somebody on the line, so that there is something to wrap up."""
    return talk_began(snapshot, leg) is not None


def missed(snapshot: Snapshot, leg: CallLeg) -> bool:
    """Whether the agent let it ring to the end, or refused it, rather than the caller or the switch going away."""
    if leg.given_up_at is not None:
        return _rang(leg)
    return leg.end_cause in NOT_TAKEN and _came_to_nothing(snapshot, leg)


def ring_failed(snapshot: Snapshot, leg: CallLeg) -> bool:
    """Whether the agent's telephone, or the number they forward to, could not be rung: it is away, the switch has no
    room for the ring, or did not get to it in time. That is nobody's absence."""
    if leg.given_up_at is not None:
        return not _rang(leg)
    return _came_to_nothing(snapshot, leg) and not missed(snapshot, leg)


def _came_to_nothing(snapshot: Snapshot, leg: CallLeg) -> bool:
    """Whether the ring ended before the caller left, and none of us had asked for that."""
    if leg.answered_at is not None or leg.hangup_asked_at is not None or leg.end_cause in NO_FAULT_OF_THEIRS:
        return False
    over = snapshot.citizen.ended_at if snapshot.citizen else None
    return over is None or end_of(leg) < over


def _rang(leg: CallLeg) -> bool:
    """Whether their telephone is known to have rung. Of a number outside not every network tells."""
    return leg.ringing_at is not None or leg.answered_at is not None or leg.number is not None


def was_tried(snapshot: Snapshot) -> bool:
    """Whether the citizen whom we called had the chance to pick up. None had who could not be rung, whose agent hung up
    before it had rung in earnest, and who picked up when the agent was gone already."""
    citizen = snapshot.citizen
    if citizen is None or citizen.answered_at is not None or citizen.end_cause in FAILURES:
        return False
    if (
        citizen.hangup_asked_at is None
        or (over := citizen.ended_at) is None
        or over < citizen.hangup_asked_at
    ):
        return True
    return (
        between(citizen.ringing_at or citizen.rung_at, citizen.hangup_asked_at) or 0.0
    ) >= RINGS_IN_EARNEST


def is_over_elsewhere(snapshot: Snapshot) -> bool:
    """Whether the switch refuses to ring anybody: to it the call is over, and news of its end are on the way."""
    refused = (leg for leg in snapshot.agent_legs if leg.end_cause == CALL_OVER)
    return any(leg.hangup_asked_at is None and leg.given_up_at is None for leg in refused)


def was_left_alone(snapshot: Snapshot) -> bool:
    """Whether the citizen is on the line and their agent's telephone has fallen silent: nobody wanted that."""
    citizen, current = snapshot.citizen, last_leg(snapshot)
    if citizen is None or not citizen.is_live or citizen.hangup_asked_at is not None or current is None:
        return False
    since = snapshot.call.requeued_at
    return current.end_cause == GONE and (since is None or end_of(current) > since)


def _who_hung_up(snapshot: Snapshot, over: datetime) -> EndReason:
    """The switch's word counts first; where it is silent, whose line was down first.

    A citizen whom we put down during a talk was left by the agent: nothing else makes us do it. Who hangs up after
    being asked how it was had been left by the agent before.
    """
    citizen = snapshot.citizen
    by = citizen.end_by if citizen else ""
    current = last_leg(snapshot)
    agent_left = current is not None and _ended_before(current, over)
    if by == "caller" and not (agent_left and snapshot.call.survey_at is not None):
        return EndReason.CALLER_HUNG_UP
    if snapshot.call.hung_up_at is not None or by in ("agent", "hotline") or agent_left:
        return EndReason.AGENT_HUNG_UP
    return EndReason.CALLER_HUNG_UP


def _talk(snapshot: Snapshot, over: datetime | None) -> tuple[float | None, float | None]:
    """Seconds on hold and in talk, once the call is over; holds are not talk."""
    began, citizen = snapshot.call.answered_at, snapshot.citizen
    if over is None or citizen is None:
        return None, None
    if began is None:
        outside = outside_talk(snapshot, over)
        return (0.0, between(*outside)) if outside is not None else (None, None)
    ends = [leg.ended_at or over for leg in snapshot.agent_legs if talked(snapshot, leg)]
    end = min(over, max(ends))
    held = hold_seconds(citizen.held_at, citizen.resumed_at, began, end)
    return held, max(0.0, (end - began).total_seconds() - held)


def _ring_seconds(leg: CallLeg | None, over: datetime | None) -> float | None:
    if leg is None:
        return None
    ends = [at for at in (leg.answered_at, leg.given_up_at, leg.ended_at, over) if at is not None]
    return between(leg.rung_at, min(ends)) if ends else None


def end_of(leg: CallLeg) -> datetime:
    """When a leg that is over was over for us."""
    return min(at for at in (leg.ended_at, leg.given_up_at) if at is not None)


def _ended_before(leg: CallLeg, moment: datetime) -> bool:
    return leg.ended_at is not None and leg.ended_at < moment


def _rang_at(leg: CallLeg, moment: datetime) -> bool:
    """Whether the seat was ringing at that moment."""
    begun = leg.rung_at is not None and leg.rung_at <= moment
    return begun and (not leg.is_over or end_of(leg) >= moment)
