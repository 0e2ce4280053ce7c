"""An event comes in: lock the call, store the event once, add its facts, settle what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from config import clock
from config.extensions import db
from config.ids import random_code
from config.phones import mask_phone
from config.transaction import transactional
from hotline.engine import facts
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.models import Call, CallEvent
from hotline.services import introduce, orders, recordings, seats
from hotline.services.settle import settle
from hotline.services.turn import load
from hotline.telephony.contract import SEAT_EVENTS, CommandMessage, EventMessage, EventType

OLDEST = timedelta(hours=24)
# Built once: these run with every event.
THE_CALL = (
    select(Call)
    .where(Call.provider == bindparam("provider"), Call.provider_call == bindparam("key"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
EVENTS = CallEvent.__table__
STORE = insert(EVENTS).on_conflict_do_nothing(index_elements=["provider", "event_id"]).returning(EVENTS.c.id)
ENVELOPE = {"id", "at", "seq", "provider", "call", "leg", "type"}
ONLY_KEPT = frozenset(EventType) - facts.FACTS.keys() - SEAT_EVENTS - recordings.TYPES


@transactional
def receive_event(message: EventMessage) -> list[CommandMessage]:
    """What the switch shall do now. The same event again, at once or a week later, gets the same answer.

    Events of one call wait for each other at the call's row; those of different calls never do.
    """
    received_at = clock.now()
    message = message.model_copy(update={"at": bounded(message.at, received_at)})
    if message.type in SEAT_EVENTS:
        if _store(message, None, received_at) is not None:
            seats.note(message)
        return []
    if message.type in ONLY_KEPT and (call_id := _hear(message)) is not None:
        _store(message, call_id, received_at)
        return []
    call = _lock(message)
    event_id = _store(message, call.id, received_at)
    if event_id is None:
        return _stored_answer(message)
    if message.type not in facts.FACTS:  # kept, but nothing can follow from it
        facts.apply(Snapshot(call), message)
        recordings.note(call, message)
        return []
    snapshot = load(call)
    if message.type is EventType.CALL_INCOMING and call.arrived_at is None:
        introduce.introduce(call, message)
    facts.apply(snapshot, message)
    commands = settle(snapshot, event_id)
    return [orders.message(row, call) for row in commands]


def bounded(at: datetime, now: datetime) -> datetime:
    """The switch's clock, held within ours: nothing happens tomorrow, and no retry is older than a day."""
    return min(max(at, now - OLDEST), now)


def new_call_no(at: datetime) -> str:
    """`261123-102030-K7M3Q`: sortable by the city's clock, and not to be guessed from the one before."""
    return f"{clock.local(at):%y%m%d-%H%M%S}-{random_code(5)}"


def _lock(message: EventMessage) -> Call:
    """The call's row, locked; made by whichever event comes first."""
    key = {"provider": message.provider, "key": message.call}
    call = None
    if message.type is not EventType.CALL_INCOMING:  # which is nearly always the first
        call = db.session.scalars(THE_CALL, key).one_or_none()
    while call is None:
        call = _made(message) or db.session.scalars(THE_CALL, key).one_or_none()
    return call


def _made(message: EventMessage) -> Call | None:
    """A new row, ours until the commit; None if somebody was first (or, once in a blue moon, the number is taken)."""
    assert message.call is not None
    blank = blank_call(message.provider, message.call, new_call_no(message.at), message.at)
    columns = {column.key: getattr(blank, column.key) for column in Call.__mapper__.columns}
    columns = {name: value for name, value in columns.items() if value is not None}
    return db.session.scalars(
        insert(Call).values(columns).on_conflict_do_nothing().returning(Call)
    ).one_or_none()


def _hear(message: EventMessage) -> int | None:
    """The call is alive, and no more follows from this event: every second one is such, so they go a short way."""
    return db.session.scalar(
        update(Call)
        .where(Call.provider == message.provider, Call.provider_call == message.call)
        .values(
            first_heard_at=func.least(Call.first_heard_at, message.at),
            last_event_at=func.greatest(Call.last_event_at, message.at),
        )
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    )


def _store(message: EventMessage, call_id: int | None, received_at: datetime) -> int | None:
    """The row of the event; None if it is known already."""
    body = message.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=ENVELOPE)
    for name in ("from", "to"):
        if name in body:
            body[name] = mask_phone(body[name])  # whole numbers live encrypted on the call, and nowhere else
    return db.session.scalar(
        STORE,
        {
            "provider": message.provider,
            "event_id": message.id,
            "call_id": call_id,
            "leg": message.leg,
            "type": message.type.value,
            "seq": message.seq,
            "at": message.at,
            "received_at": received_at,
            "body": body,
        },
    )


def _stored_answer(message: EventMessage) -> list[CommandMessage]:
    """The answer once given to this id, whatever the body says this time."""
    row = db.session.execute(
        select(CallEvent.id, Call)
        .join(Call, Call.id == CallEvent.call_id)
        .where(CallEvent.provider == message.provider, CallEvent.event_id == message.id)
    ).one_or_none()
    return orders.answer_to(row[0], row[1]) if row else []
