"""Events as they were told: each kept once, under the id the switch gave it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, bindparam, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from config.extensions import db
from config.phones import mask_phone
from hotline.models import Call, CallEvent
from hotline.telephony.contract import EventMessage

OLDEST = timedelta(hours=24)
CALLS, EVENTS = Call.__table__, CallEvent.__table__
KNOWN = ["provider", "event_id"]
ENVELOPE = {"id", "at", "seq", "provider", "call", "leg", "type"}

# Built once: these run with every event.
STORE = insert(EVENTS).on_conflict_do_nothing(index_elements=KNOWN).returning(EVENTS.c.id)
_FIELDS = ("provider", "event_id", "leg", "type", "seq", "at", "received_at", "body")
_GIVEN = [cast(bindparam(name, type_=EVENTS.c[name].type), EVENTS.c[name].type) for name in _FIELDS]
_TOLD = (
    func.jsonb_to_recordset(bindparam("told", type_=JSONB))
    .table_valued(
        column("call", CALLS.c.provider_call.type),
        *(column(name, EVENTS.columns[name].type) for name in _FIELDS),
    )
    .render_derived("told", with_types=True)
)
_SPOKEN_OF = (
    select(
        _TOLD.c.provider,
        _TOLD.c.call,
        func.min(_TOLD.c.at).label("first"),
        func.max(_TOLD.c.at).label("last"),
    )
    .group_by(_TOLD.c.provider, _TOLD.c.call)
    .cte("spoken_of")
)
_LOCKED = (
    select(CALLS.c.id, _SPOKEN_OF)
    .join_from(
        CALLS,
        _SPOKEN_OF,
        (CALLS.c.provider == _SPOKEN_OF.c.provider) & (CALLS.c.provider_call == _SPOKEN_OF.c.call),
    )
    .order_by(CALLS.c.id)  # two who keep events of the same calls must not wait for each other
    .with_for_update(of=CALLS, key_share=True)
    .cte("locked")
)
_HEARD = (
    update(CALLS)
    .where(CALLS.c.id == _LOCKED.c.id)
    .values(
        first_heard_at=func.least(CALLS.c.first_heard_at, _LOCKED.c.first),
        last_event_at=func.greatest(CALLS.c.last_event_at, _LOCKED.c.last),
    )
    .returning(CALLS.c.id, _LOCKED.c.provider, _LOCKED.c.call)
    .cte("heard")
)
KEEP = (
    insert(EVENTS)
    .from_select(
        ["call_id", *_FIELDS],
        select(_HEARD.c.id, *(_TOLD.columns[name] for name in _FIELDS)).join_from(
            _TOLD, _HEARD, (_HEARD.c.provider == _TOLD.c.provider) & (_HEARD.c.call == _TOLD.c.call)
        ),
    )
    .on_conflict_do_nothing(index_elements=KNOWN)
    .returning(EVENTS.c.provider, EVENTS.c.event_id, EVENTS.c.call_id)
)
"""One round trip: the calls live, and what was told of them is kept."""


def stored_with(call: CTE, name: str) -> CTE:
    """A part of a statement, given `values`: one event is kept of the call whose id the part `call` has. It has the
    event's id, or nothing if the event is known."""
    one = insert(EVENTS).from_select(["call_id", *_FIELDS], select(call.c.id, *_GIVEN))
    return one.on_conflict_do_nothing(index_elements=KNOWN).returning(EVENTS.c.id).cte(name)


def bounded(message: EventMessage, now: datetime) -> EventMessage:
    """With the switch's clock held within ours: nothing happens tomorrow, and no retry is older than a day."""
    return message.model_copy(update={"at": min(max(message.at, now - OLDEST), now)})


def store(message: EventMessage, call_id: int | None, received_at: datetime) -> int | None:
    """The number of the event's new row; None if it is known already."""
    return db.session.scalar(STORE, {**values(message, received_at), "call_id": call_id})


def keep(messages: Iterable[EventMessage], received_at: datetime) -> dict[tuple[str, str], int]:
    """Keep events from which nothing follows, and that their calls live; the calls' rows are locked then.

    Returns the number of the call by provider and id of each event that is new. The others are known already, or nobody
    knows their call.
    """
    told = [{**_plain(message, received_at), "call": message.call} for message in messages]
    return {
        (provider, event_id): call for provider, event_id, call in db.session.execute(KEEP, {"told": told})
    }


def values(message: EventMessage, received_at: datetime) -> dict[str, Any]:
    """What is kept of it, by column."""
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


def _plain(message: EventMessage, received_at: datetime) -> dict[str, Any]:
    row = values(message, received_at)
    return {**row, "at": row["at"].isoformat(), "received_at": row["received_at"].isoformat()}
