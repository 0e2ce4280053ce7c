"""The call that an event speaks of, locked, and the event kept: one way to the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased, make_transient_to_detached

from config.extensions import db
from hotline.models import Call
from hotline.services.event_log import stored_with, values
from hotline.telephony.contract import EventMessage

CALLS = Call.__table__
COLUMNS = [column.name for column in CALLS.columns if column.name != "id"]
BEGUN = [
    "call_no", "provider", "provider_call", "direction", "caller_number", "caller_index", "dialled", "led_elsewhere",
    "priority", "welcome", "flow_version", "department_id", "preferred_seat", "preferred_agent_id", "blocked_at",
    "asked_key", "asked_queue", "asks_rating", "rated_key", "emergency", "first_heard_at", "last_event_at", "state",
]  # fmt: skip
"""What may be known of a call when its first event comes. How to send more than fifty values psycopg would find out
each time anew."""

# Built once: these run with every event.
_LOCKED = (
    select(Call)
    .where(Call.provider == bindparam("provider"), Call.provider_call == bindparam("call"))
    .with_for_update()
    .cte("locked")
)
_LOCKED.corresponding_column(CALLS.c.id)
# SQLAlchemy makes the index by which it finds a column of this part when first asked, and threads that ask meanwhile
# find half of it: their statement would join every call to every other, and be kept. So it is asked here, by one.
_HEARD = stored_with(_LOCKED, "heard")
_THE_CALL = aliased(Call, _LOCKED)
TAKE = (
    select(_THE_CALL, _HEARD.c.id)
    .join_from(_THE_CALL, _HEARD, true(), isouter=True)
    .execution_options(populate_existing=True)
)
"""The call, locked, and its event kept."""
_MADE = (
    insert(CALLS)
    .values({name: bindparam(f"new_{name}") for name in BEGUN})
    .on_conflict_do_nothing()
    .returning(CALLS.c.id)
    .cte("made")
)
_FIRST_HEARD = stored_with(_MADE, "heard")
MAKE = select(_MADE.c.id, _FIRST_HEARD.c.id).join_from(_MADE, _FIRST_HEARD, true(), isouter=True)
"""A new call, and its event kept. Nothing where the call is known."""


class Taken(NamedTuple):
    """`event_id`: the number under which the event is kept; None if it was known already. `is_new`: the call is nobody
    else's yet."""

    call: Call
    event_id: int | None
    is_new: bool


def take(
    message: EventMessage,
    received_at: datetime,
    begun: Callable[[EventMessage], Call],
    *,
    is_first: bool = False,
) -> Taken:
    """The call's row, locked; made as `begun` has it by whichever event comes first. `is_first`: likely this one."""
    heard = values(message, received_at)
    key = {"call": message.call, **heard}
    while True:
        if not is_first and (known := _known(key)) is not None:
            return known
        if (made := _made(begun(message), heard)) is not None:
            return made
        is_first = False


def _known(key: dict[str, Any]) -> Taken | None:
    found = db.session.execute(TAKE, key).one_or_none()
    if found is None:
        return None
    call, event_id = found
    return Taken(call, event_id, is_new=False)


def _made(draft: Call, heard: dict[str, Any]) -> Taken | None:
    """A new row, ours until the commit; None if somebody was first (or, once in a blue moon, the number is taken)."""
    row = {name: getattr(draft, name) for name in COLUMNS}
    new = {f"new_{name}": row[name] for name in BEGUN}
    made = db.session.execute(MAKE, {**new, **heard}).one_or_none()
    if made is None:
        return None
    call_id, event_id = made
    for name, value in {"id": call_id, **row}.items():
        setattr(draft, name, value)
    make_transient_to_detached(draft)  # the draft is the row now: it need not be read back
    db.session.add(draft)
    return Taken(draft, event_id, is_new=True)
