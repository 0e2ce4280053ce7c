"""An event comes in: lock the call, store the event once, add its facts, settle what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from config import clock
from config.extensions import db
from config.ids import random_code
from config.transaction import transactional
from hotline.engine import facts
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.models import Call, CallEvent
from hotline.services import adopting, introduce, orders, owed, recordings, seats, trunks
from hotline.services.event_log import bounded, keep, store
from hotline.services.settle import settle
from hotline.services.taking import take
from hotline.services.turn import load
from hotline.telephony.contract import SEAT_EVENTS, TRUNK_EVENTS, CommandMessage, EventMessage, EventType


@transactional
def receive_event(message: EventMessage) -> list[CommandMessage]:
    """What the switch shall do now. The same event again, at once or a week later, gets the same answer.

    Events of one call wait for each other at the call's row; those of different calls never do.
    """
    received_at = clock.now()
    message = bounded(message, received_at)
    if message.type in SEAT_EVENTS:
        if store(message, None, received_at) is not None:
            seats.note(message)
        return []
    if message.type in TRUNK_EVENTS:
        if store(message, None, received_at) is not None:
            trunks.note(message)
        return []
    if is_record(message):
        keep_records([message])
        return []
    incoming = message.type is EventType.CALL_INCOMING  # which is nearly always the first
    call, event_id, is_new = take(message, received_at, _begun, is_first=incoming)
    if event_id is None:
        return _stored_answer(message)
    with db.session.no_autoflush:
        snapshot = Snapshot(call) if is_new else load(call)
        if message.type is EventType.CALL_INCOMING and call.arrived_at is None and not is_new:
            introduce.introduce(call, message)
        facts.apply(snapshot, message)
        recordings.note(call.id, message)
        if message.type is EventType.CALL_ADOPTED:
            on_the_way = adopting.rung_by_stream(call)
            adopting.end_what_is_not_there(snapshot, message, on_the_way)
            commands = settle(
                snapshot, event_id, before=lambda turn: adopting.tell_again(turn, message, on_the_way)
            )
        else:
            commands = settle(snapshot, event_id)
    return [orders.message(row, call) for row in commands]


def receive_events(messages: Sequence[EventMessage]) -> list[CommandMessage]:
    """What the switch shall do now after all of these: the records among them are kept together, first.

    Each other is a transaction of its own. Who sends the whole again gets the same answers.
    """
    records = [message for message in messages if is_record(message)]
    if records:
        keep_records(records)
    return [command for message in messages if not is_record(message) for command in receive_event(message)]


def is_record(message: EventMessage) -> bool:
    """From it nothing follows but that the call lives."""
    return message.type not in SEAT_EVENTS | TRUNK_EVENTS and not facts.matters(message)


@transactional
def keep_records(messages: Sequence[EventMessage]) -> None:
    """Keep each once."""
    received_at = clock.now()
    heard = {(message.provider, message.id): bounded(message, received_at) for message in messages}
    kept = keep(heard.values(), received_at)
    for key, message in heard.items():
        call_id = kept.get(key)
        if call_id is None:  # the event is known, or its call is not
            call, event_id, _is_new = take(message, received_at, _begun)
            call_id = call.id if event_id is not None else None
        if call_id is not None:
            recordings.note(call_id, message)
            owed.note(call_id, message)


def new_call_no(at: datetime) -> str:
    """`261123-102030-K7M3Q`: sortable by the city's clock, and not to be guessed from the one before."""
    return f"{clock.local(at):%y%m%d-%H%M%S}-{random_code(5)}"


def _begun(message: EventMessage) -> Call:
    """A call as its first event tells of it."""
    assert message.call is not None
    draft = blank_call(message.provider, message.call, new_call_no(message.at), message.at)
    if message.type is EventType.CALL_INCOMING:
        introduce.introduce(draft, message)
    return draft


def _stored_answer(message: EventMessage) -> list[CommandMessage]:
    """The answer once given to this id, whatever the body says this time."""
    row = db.session.execute(
        select(CallEvent.id, Call)
        .join(Call, Call.id == CallEvent.call_id)
        .where(CallEvent.provider == message.provider, CallEvent.event_id == message.id)
    ).one_or_none()
    return orders.answer_to(row[0], row[1]) if row else []
