"""An event comes in: lock the call, store the event once, add its facts, settle what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import make_transient_to_detached

from config import clock
from config.extensions import db
from config.ids import random_code
from config.phones import mask_phone
from config.transaction import transactional
from hotline.engine import facts
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.models import Call, CallEvent
from hotline.services import adopting, introduce, orders, owed, recordings, seats, trunks
from hotline.services.settle import settle
from hotline.services.turn import load
from hotline.telephony.contract import SEAT_EVENTS, TRUNK_EVENTS, CommandMessage, EventMessage, EventType

OLDEST = timedelta(hours=24)
# Built once: these run with every event.
THE_CALL = (
    select(Call)
    .where(Call.provider == bindparam("provider"), Call.provider_call == bindparam("key"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
CALLS = Call.__table__
MAKE = insert(CALLS).on_conflict_do_nothing().returning(CALLS.c.id)
COLUMNS = [column.name for column in CALLS.columns if column.name != "id"]
EVENTS = CallEvent.__table__
STORE = insert(EVENTS).on_conflict_do_nothing(index_elements=["provider", "event_id"]).returning(EVENTS.c.id)
_heard_at = bindparam("the_at", type_=EVENTS.c.at.type)
_HEARD = (
    update(CALLS)
    .where(CALLS.c.provider == bindparam("the_provider"), CALLS.c.provider_call == bindparam("the_call"))
    .values(
        first_heard_at=func.least(CALLS.c.first_heard_at, _heard_at),
        last_event_at=func.greatest(CALLS.c.last_event_at, _heard_at),
    )
    .returning(CALLS.c.id)
    .cte("heard")
)
_ROW = {"call_id": _HEARD.c.id} | {
    name: bindparam(f"the_{name}", type_=EVENTS.columns[name].type)
    for name in ("provider", "event_id", "leg", "type", "seq", "at", "received_at", "body")
}
KEEP = (
    insert(EVENTS)
    .from_select(list(_ROW), select(*_ROW.values()))
    .on_conflict_do_nothing(index_elements=["provider", "event_id"])
    .returning(EVENTS.c.call_id)
)
"""One round trip: the call lives, and its event is kept. A bare column name would be taken for a value to set."""
ENVELOPE = {"id", "at", "seq", "provider", "call", "leg", "type"}


@transactional
def receive_event(message: EventMessage) -> list[CommandMessage]:
    """What the switch shall do now. The same event again, at once or a week later, gets the same answer.

    Events of one call wait for each other at the call's row; those of different calls never do.
    """
    received_at = clock.now()
    message = message.model_copy(update={"at": bounded(message.at, received_at)})
    if message.type in SEAT_EVENTS:
        if store(message, None, received_at) is not None:
            seats.note(message)
        return []
    if message.type in TRUNK_EVENTS:
        if store(message, None, received_at) is not None:
            trunks.note(message)
        return []
    if not facts.matters(message):
        _keep(message, received_at)
        return []
    call, is_new = _lock(message)
    event_id = store(message, call.id, received_at)
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


def bounded(at: datetime, now: datetime) -> datetime:
    """The switch's clock, held within ours: nothing happens tomorrow, and no retry is older than a day."""
    return min(max(at, now - OLDEST), now)


def new_call_no(at: datetime) -> str:
    """`261123-102030-K7M3Q`: sortable by the city's clock, and not to be guessed from the one before."""
    return f"{clock.local(at):%y%m%d-%H%M%S}-{random_code(5)}"


def _lock(message: EventMessage) -> tuple[Call, bool]:
    """The call's row, locked; made by whichever event comes first. With it: whether it is new and nobody else's."""
    key = {"provider": message.provider, "key": message.call}
    incoming = message.type is EventType.CALL_INCOMING  # which is nearly always the first
    if not incoming and (call := db.session.scalars(THE_CALL, key).one_or_none()) is not None:
        return call, False
    while True:
        if (call := _made(message)) is not None:
            return call, True
        if (call := db.session.scalars(THE_CALL, key).one_or_none()) is not None:
            return call, False


def _made(message: EventMessage) -> Call | None:
    """A new row, ours until the commit; None if somebody was first (or, once in a blue moon, the number is taken)."""
    assert message.call is not None
    draft = blank_call(message.provider, message.call, new_call_no(message.at), message.at)
    if message.type is EventType.CALL_INCOMING:
        introduce.introduce(draft, message)
    values = {name: getattr(draft, name) for name in COLUMNS}
    call_id = db.session.scalar(MAKE, values)
    if call_id is None:
        return None
    for name, value in {"id": call_id, **values}.items():
        setattr(draft, name, value)
    make_transient_to_detached(draft)  # the draft is the row now: it need not be read back
    db.session.add(draft)
    return draft


def _keep(message: EventMessage, received_at: datetime) -> None:
    """Keep an event from which nothing follows, and that its call lives."""
    values = {**_row(message, received_at), "call": message.call}
    call_id = db.session.scalar(KEEP, {f"the_{name}": value for name, value in values.items()})
    if call_id is None:  # the event is known, or its call is not
        call, _is_new = _lock(message)
        if store(message, call.id, received_at) is None:
            return
        call_id = call.id
    recordings.note(call_id, message)
    owed.note(call_id, message)


def store(message: EventMessage, call_id: int | None, received_at: datetime) -> int | None:
    """The number of the event's new row; None if it is known already."""
    return db.session.scalar(STORE, {**_row(message, received_at), "call_id": call_id})


def _row(message: EventMessage, received_at: datetime) -> dict[str, Any]:
    body = message.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=ENVELOPE)
    for name in ("from", "to"):
        if body.get(name, "anonymous") != "anonymous":
            body[name] = mask_phone(body[name])  # whole numbers live encrypted on the call, and nowhere else
    return {
        "provider": message.provider,
        "event_id": message.id,
        "leg": message.leg,
        "type": message.type.value,
        "seq": message.seq,
        "at": message.at,
        "received_at": received_at,
        "body": body,
    }


def _stored_answer(message: EventMessage) -> list[CommandMessage]:
    """The answer once given to this id, whatever the body says this time."""
    row = db.session.execute(
        select(CallEvent.id, Call)
        .join(Call, Call.id == CallEvent.call_id)
        .where(CallEvent.provider == message.provider, CallEvent.event_id == message.id)
    ).one_or_none()
    return orders.answer_to(row[0], row[1]) if row else []
