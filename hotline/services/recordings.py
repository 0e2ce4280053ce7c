"""Recordings as records: started and ready are two facts of one row, in whichever order they come."""

from __future__ import annotations

from sqlalchemy import select

from config.extensions import db
from hotline.models import Call, Recording
from hotline.telephony.contract import EventMessage, EventType

TYPES = frozenset({EventType.RECORDING_STARTED, EventType.RECORDING_READY})


def note(call: Call, message: EventMessage) -> None:
    """Keep what a recording event tells; other events are none of ours."""
    if message.type is EventType.RECORDING_STARTED:
        row = _lacking(call, Recording.started_at)
        row.started_at = message.at
    elif message.type is EventType.RECORDING_READY:
        row = _lacking(call, Recording.ready_at)
        row.ready_at, row.url = message.at, message.url or ""
        row.seconds, row.sha256 = message.seconds, message.sha256 or ""


def _lacking(call: Call, fact: object) -> Recording:
    """The call's oldest recording that lacks this fact, or a new one."""
    row = db.session.scalars(
        select(Recording)
        .where(Recording.call_id == call.id, fact.is_(None))  # type: ignore[attr-defined]
        .order_by(Recording.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        row = Recording(call_id=call.id)
        db.session.add(row)
    return row
