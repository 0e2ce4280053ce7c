"""What to do now, given what is known. One pure function, and the only judge of a call's course.

It compares what should be with what was already done (`greeted_at`, `connected_at`, `hangup_asked_at`, a leg's
`phase`, …), so asking twice decides nothing twice, and an event that comes late is caught up with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hotline import prompts
from hotline.engine import decisions as do
from hotline.engine import derive
from hotline.engine.holding import hangs_on_hold
from hotline.engine.position import position_of
from hotline.engine.snapshot import Snapshot
from hotline.ivr.steps import Begin, Found, Heard, Keys, Played, Waits
from hotline.words import Direction, LegPhase, LegRole, Purpose, QueueExit


def decide(snapshot: Snapshot) -> list[do.Decision]:
    """Decisions in the order in which they must be carried out; empty when all is as it should be."""
    if snapshot.call.led_elsewhere:
        return []  # we look on
    if snapshot.call.arrived_at is None:
        return []  # an event overtook the call itself: what it told is kept, the rest follows soon
    parts = (_agents, _door, _flow, _queue, _promise, _room, _end)
    return [decision for part in parts for decision in part(snapshot)]


def _agents(snapshot: Snapshot) -> Iterator[do.Decision]:
    """People of ours follow their legs. Only who had the citizen has something to wrap up."""
    for leg in snapshot.seat_legs:
        phase = derive.phase(leg)
        if leg.phase is not phase:
            released = phase is LegPhase.RELEASED
            yield do.MoveAgent(
                leg,
                phase,
                wrap_up=released and leg.role is LegRole.AGENT and derive.talked(snapshot, leg),
                missed=released and derive.missed(snapshot, leg),
                failed=released and derive.ring_failed(snapshot, leg),
            )


def _door(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who rings is let in, unless blocked."""
    call = snapshot.call
    stands_outside = call.greeted_at is None and call.ended_at is None and call.blocked_at is None
    if call.direction is Direction.IN and stands_outside:
        yield do.Greet()


def _flow(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Through the flow, as far as the caller has answered, even if they are gone by the time we hear of it."""
    call = snapshot.call
    walks = call.welcome and call.greeted_at is not None and call.asked_at is None and call.blocked_at is None
    if call.direction is Direction.OUT or not walks or (found := _heard(snapshot)) is None:
        return
    heard, at = found
    if call.ended_at is None or at < call.ended_at:
        yield do.Walk(heard, at)


def _heard(snapshot: Snapshot) -> tuple[Heard, datetime] | None:
    """What the flow has not been told yet, and when it was so."""
    call = snapshot.call
    position = position_of(call)
    if position is None:
        return (Begin(), call.arrived_at) if call.arrived_at is not None else None
    if position.waits is Waits.ELSEWHERE:
        rung = snapshot.rung_by_flow
        if rung is None or not rung.is_over or rung.answered_at is not None:
            return None
        return Found(None), derive.end_of(rung)
    if call.flow_answer is None or call.flow_answer["step"] != position.step:
        return None
    at = datetime.fromisoformat(call.flow_answer["at"])
    return (Keys(call.flow_answer["value"]) if position.waits is Waits.KEYS else Played()), at


def _queue(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who asked for a person is accounted in a queue, even if they are gone by the time we hear of it."""
    call, entry = snapshot.call, snapshot.entry
    again = call.requeued_at is not None
    waits = call.direction is Direction.IN or again or call.place_since is not None
    if not waits or call.blocked_at is not None:
        return
    attended = derive.attended_at(snapshot) is not None
    if entry is None:
        asked = call.asked_at is not None and (call.ended_at is None or call.asked_at < call.ended_at)
        sent_back = again and not attended and call.ended_at is None
        first = asked and call.queue_id is None and call.direction is Direction.IN
        if (sent_back or first) and derive.waited_until(snapshot) is None:
            yield do.Enqueue()
    elif attended:
        yield do.LeaveQueue(QueueExit.ANSWERED)
    elif (way := _way_out(snapshot)) is not None:
        yield do.LeaveQueue(way)
    elif entry.offered and not derive.in_hand(snapshot):
        yield do.PutBack()


def _way_out(snapshot: Snapshot) -> QueueExit | None:
    """How who was not answered leaves the queue; None while they wait."""
    call, citizen = snapshot.call, snapshot.citizen
    if call.voicemail_at is not None:
        return QueueExit.VOICEMAIL
    if derive.promised_at(snapshot) is not None and (
        call.ended_at is not None or not derive.in_hand(snapshot)
    ):
        return QueueExit.CALLBACK
    if call.farewell_at is not None:
        return QueueExit.OVERFLOWED
    if call.ended_at is None:
        return None
    lost = citizen is None or citizen.end_cause in derive.BREAKS_OFF or derive.stands_in(call)
    return QueueExit.FAILED if lost else QueueExit.ABANDONED


def _promise(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who pressed the key is called back, even if they hung up in the same moment; not who was answered after all."""
    call = snapshot.call
    is_open = derive.promised_at(snapshot) is not None and call.callback_kept_at is None
    has_nobody = derive.attended_at(snapshot) is None and not derive.in_hand(snapshot)
    gave_up = call.ended_at is not None and call.answered_at is None
    if is_open and call.blocked_at is None and (has_nobody or gave_up):
        yield do.KeepPlace()


def _room(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who is on the line, and who should be."""
    call = snapshot.call
    for leg in snapshot.live_legs:
        if leg.given_up_at is not None and leg.hangup_asked_at is None:
            yield do.HangUp(leg, "no_answer")
    if call.ended_at is not None or call.hung_up_at is not None or call.blocked_at is not None:
        reason = "blocked" if call.blocked_at is not None else "normal"
        stays = snapshot.citizen if _stays(snapshot) else None
        for leg in snapshot.live_legs:
            if leg.hangup_asked_at is None and leg.given_up_at is None and leg is not stays:
                yield do.HangUp(leg, reason)
    else:
        if snapshot.citizen is not None and hangs_on_hold(snapshot.citizen):
            yield do.Resume()
        yield from _guests(snapshot)
        yield from _who_hears_nobody(snapshot)
        yield from _put_through(snapshot)
        outgoing = call.direction is Direction.OUT and call.answered_at is None
        yield from _outgoing(snapshot) if outgoing else _attended(snapshot)


def _guests(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who was asked into the call comes in when they pick up."""
    for leg in snapshot.guests:
        if leg.answered_at is None or leg.hangup_asked_at is not None or leg is snapshot.rung_by_flow:
            continue
        if leg.role is LegRole.SUPERVISOR:
            target = snapshot.talking_leg
            if leg.hears != leg.heard and target is not None and target.connected_at is not None:
                yield do.Listen(leg, target)
        elif leg.connected_at is None:
            yield do.LetIn(leg)


def _who_hears_nobody(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Who listened to an agent who has left stays on no silent line while the citizen says how it was."""
    if _talk_is_over(snapshot) and _stays(snapshot):
        for leg in snapshot.guests:
            if leg.role is LegRole.SUPERVISOR and leg.hangup_asked_at is None:
                yield do.HangUp(leg)


def _put_through(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Whom the flow sent outside talks with who answers there, until one of them has hung up."""
    leg, citizen = snapshot.rung_by_flow, snapshot.citizen
    if leg is None or leg.answered_at is None or citizen is None:
        return
    if leg.is_over:
        if citizen.hangup_asked_at is None:
            yield do.HangUp(citizen)
    elif leg.connected_at is None:
        yield do.Connect(leg)


def _attended(snapshot: Snapshot) -> Iterator[do.Decision]:
    """Seat, talk, and when the seat is down, the end, unless somebody else has the citizen or is about to."""
    call, citizen, talking = snapshot.call, snapshot.citizen, snapshot.talking_leg
    if talking is not None:
        if talking.connected_at is None:
            yield do.Connect(talking)
    elif call.answered_at is not None and derive.attended_at(snapshot) is not None:
        if snapshot.ringing_leg is not None:
            return  # the agent's telephone was lost and rings anew
        if snapshot.heir is not None:
            if snapshot.heir.purpose is not Purpose.THROUGH:
                yield do.HandOver(snapshot.heir)
        elif snapshot.awaited is not None:
            if snapshot.awaited.purpose is not Purpose.TRANSFER:
                yield do.SendOn(snapshot.awaited)
        elif snapshot.failed_transfer is not None or derive.was_left_alone(snapshot):
            yield do.Requeue()
        elif citizen is not None and citizen.hangup_asked_at is None and not _stays(snapshot):
            yield do.HangUp(citizen)
    elif _wants_an_agent(snapshot):
        yield do.Seek()


def _wants_an_agent(snapshot: Snapshot) -> bool:
    waits = (
        snapshot.entry is not None and _way_out(snapshot) is None and not derive.is_over_elsewhere(snapshot)
    )
    return waits and snapshot.ringing_leg is None and not snapshot.sought


def _outgoing(snapshot: Snapshot) -> Iterator[do.Decision]:
    """First the agent's telephone, then the citizen's; for who kept their place, when it is their turn."""
    talking, citizen = snapshot.talking_leg, snapshot.citizen
    if talking is None:
        if citizen is None and _wants_an_agent(snapshot):
            yield do.Seek()
        elif citizen is not None and citizen.hangup_asked_at is None and snapshot.ringing_leg is None:
            yield do.HangUp(citizen)
    elif citizen is None:
        yield do.Dial()
    elif citizen.answered_at is not None and talking.connected_at is None:
        yield do.Connect(talking)


def _stays(snapshot: Snapshot) -> bool:
    """Whether the citizen stays on the line though no agent has them: to say how it was, and to hear a last word."""
    call = snapshot.call
    if call.blocked_at is not None or call.ended_at is not None:
        return False
    leaving = call.farewell_at is not None or call.survey_at is not None
    return leaving or (
        call.asks_rating and derive.attended_at(snapshot) is not None and not _failed(snapshot)
    )


def _failed(snapshot: Snapshot) -> bool:
    """Whether the talk broke off: nobody is asked how that was."""
    last = derive.last_leg(snapshot)
    return last is not None and last.end_cause in derive.FAILURES


def _end(snapshot: Snapshot) -> Iterator[do.Decision]:
    """What a citizen hears who needs nobody any more: thanks for the message, the promise, the question, goodbye."""
    call, citizen = snapshot.call, snapshot.citizen
    if citizen is None or call.ended_at is not None or call.blocked_at is not None:
        return
    wants_callback = derive.promised_at(snapshot) is not None and not derive.in_hand(snapshot)
    if call.farewell_at is not None:
        if call.farewell_heard_at is not None and citizen.hangup_asked_at is None:
            yield do.HangUp(citizen)
    elif call.survey_at is not None:
        if call.survey_done_at is not None:
            yield do.SayGoodbye(prompts.SURVEY_THANKS)
    elif call.message_at is not None:
        yield do.SayGoodbye(prompts.VOICEMAIL_THANKS)
    elif wants_callback and derive.attended_at(snapshot) is None:
        yield do.SayGoodbye(prompts.CALLBACK_KEPT)
    elif _talk_is_over(snapshot) and _stays(snapshot):
        yield do.AskRating()


def _talk_is_over(snapshot: Snapshot) -> bool:
    """An agent had the citizen, and now nobody has, nor is about to."""
    others = (snapshot.talking_leg, snapshot.ringing_leg, snapshot.heir, snapshot.awaited)
    goes_on = snapshot.failed_transfer is not None or derive.was_left_alone(snapshot)
    if snapshot.call.hung_up_at is None and goes_on:
        return False
    return derive.attended_at(snapshot) is not None and all(leg is None for leg in others)
