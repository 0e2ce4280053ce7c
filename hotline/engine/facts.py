"""What an event adds to what is known. Commutative and idempotent: any order, any number of times, one result.

Each fact is written once; of two tellings the one with the earlier `at` wins. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hotline import prompts
from hotline.engine.position import position_of
from hotline.engine.snapshot import Snapshot
from hotline.ivr.steps import Waits
from hotline.models import CallLeg
from hotline.telephony.contract import EventMessage, EventType
from hotline.words import LegRole

Fact = Callable[[Snapshot, EventMessage], None]


def apply(snapshot: Snapshot, event: EventMessage) -> None:
    """Write the event's facts into the snapshot. Types without facts only show that the call lives."""
    call = snapshot.call
    call.first_heard_at = min(call.first_heard_at, event.at)
    call.last_event_at = max(call.last_event_at, event.at)
    if (fact := FACTS.get(event.type)) is not None:
        fact(snapshot, event)


def matters(event: EventMessage) -> bool:
    """Whether anything can follow from it but that the call lives: from two of three events nothing can."""
    if event.type in ONLY_OF_PROMPTS:
        return event.prompt in ONLY_OF_PROMPTS[event.type]
    return event.type in FACTS or event.type is EventType.CALL_ADOPTED


def earliest(known: datetime | None, told: datetime) -> datetime:
    """The first of two tellings."""
    return told if known is None else min(known, told)


def ask_for_a_person(snapshot: Snapshot, at: datetime, key: str) -> None:
    """The caller is through with the flow: by a key, by silence, or because there was none."""
    call = snapshot.call
    if call.asked_at is None or (at, key) < (call.asked_at, call.asked_key):
        call.asked_at, call.asked_key = at, key


def end_leg(leg: CallLeg, at: datetime, cause: str, by: str) -> None:
    """The leg's end and its reason belong together: both from the earliest telling."""
    told = (at, cause, by)
    if leg.ended_at is None or told < (leg.ended_at, leg.end_cause, leg.end_by):
        leg.ended_at, leg.end_cause, leg.end_by = told


def _incoming(snapshot: Snapshot, event: EventMessage) -> None:
    call, leg = snapshot.call, _leg(snapshot, event)
    call.arrived_at = earliest(call.arrived_at, event.at)
    leg.role = LegRole.CITIZEN
    leg.rung_at = earliest(leg.rung_at, event.at)
    if not call.welcome:
        ask_for_a_person(snapshot, event.at, "")


def _ringing(snapshot: Snapshot, event: EventMessage) -> None:
    leg = _leg(snapshot, event)
    leg.ringing_at = earliest(leg.ringing_at, event.at)


def _answered(snapshot: Snapshot, event: EventMessage) -> None:
    leg = _leg(snapshot, event)
    leg.answered_at = earliest(leg.answered_at, event.at)


def _held(snapshot: Snapshot, event: EventMessage) -> None:
    leg = _leg(snapshot, event)
    leg.held_at = sorted({*leg.held_at, event.at})


def _resumed(snapshot: Snapshot, event: EventMessage) -> None:
    leg = _leg(snapshot, event)
    leg.resumed_at = sorted({*leg.resumed_at, event.at})


def _ended(snapshot: Snapshot, event: EventMessage) -> None:
    end_leg(_leg(snapshot, event), event.at, event.cause or "", event.by or "")


def _digits(snapshot: Snapshot, event: EventMessage) -> None:
    if event.prompt == prompts.SURVEY:
        _rate(snapshot, event)
    elif event.prompt == prompts.CALLBACK_OFFER:
        if event.value == prompts.CALLBACK_KEY:
            snapshot.call.callback_at = earliest(snapshot.call.callback_at, event.at)
    else:
        _answer(snapshot, event, Waits.KEYS, event.value or "")


def _prompt_done(snapshot: Snapshot, event: EventMessage) -> None:
    call = snapshot.call
    if event.prompt in prompts.FAREWELLS:
        call.farewell_heard_at = earliest(call.farewell_heard_at, event.at)
    else:
        _answer(snapshot, event, Waits.PLAYED, "")


def _answer(snapshot: Snapshot, event: EventMessage, to: Waits, value: str) -> None:
    """An answer counts for the question it names, and only while that is put: late, doubled or foreign ones do not."""
    call = snapshot.call
    position = position_of(call)
    if position is None or position.waits is not to or event.prompt != position.step:
        return
    known = call.flow_answer
    if known is None or (event.at, value) < (datetime.fromisoformat(known["at"]), known["value"]):
        call.flow_answer = {"step": position.step, "at": event.at.isoformat(), "value": value}


def _rate(snapshot: Snapshot, event: EventMessage) -> None:
    """One call, one rating (domain § 2): the first key that is one. Silence and other keys end the survey too."""
    call, key = snapshot.call, event.value or ""
    call.survey_done_at = earliest(call.survey_done_at, event.at)
    is_rating = len(key) == 1 and key in prompts.RATINGS
    if is_rating and (call.rated_at is None or (event.at, key) < (call.rated_at, call.rated_key)):
        call.rated_at, call.rated_key = event.at, key


def _recorded(snapshot: Snapshot, event: EventMessage) -> None:
    snapshot.call.message_at = earliest(snapshot.call.message_at, event.at)


def _leg(snapshot: Snapshot, event: EventMessage) -> CallLeg:
    assert event.leg is not None, "the contract asks for it"
    return snapshot.leg(event.leg)


FACTS: dict[EventType, Fact] = {
    EventType.CALL_INCOMING: _incoming,
    EventType.LEG_RINGING: _ringing,
    EventType.LEG_ANSWERED: _answered,
    EventType.LEG_HELD: _held,
    EventType.LEG_RESUMED: _resumed,
    EventType.LEG_ENDED: _ended,
    EventType.DIGITS: _digits,
    EventType.PROMPT_DONE: _prompt_done,
    EventType.RECORDING_READY: _recorded,
}
ONLY_OF_PROMPTS: dict[EventType, frozenset[str]] = {EventType.RECORDING_READY: frozenset({prompts.VOICEMAIL})}
"""Types from which something follows for these prompts only."""
