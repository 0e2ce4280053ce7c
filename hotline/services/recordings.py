"""Recordings as records: started and ready are two facts of one row, in whichever order they come."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from config.extensions import db
from hotline.models import Recording
from hotline.telephony.contract import EventMessage, EventType

THE_OLDEST_LACKING = {
    fact: select(Recording)
    .where(Recording.call_id == bindparam("call"), getattr(Recording, fact).is_(None))
    .order_by(Recording.id)
    .limit(1)
    for fact in ("started_at", "ready_at")
}


TOLD = select(Recording.id).where(Recording.call_id == bindparam("call"), Recording.url == bindparam("url"))


def note(call_id: int, message: EventMessage) -> None:
    """Keep what a recording event tells; other events are none of ours. The caller holds the call's row locked."""
    if message.type is EventType.RECORDING_STARTED:
        row = _lacking(call_id, "started_at")
        row.started_at = message.at
    elif message.type is EventType.RECORDING_READY:
        told = {"call": call_id, "url": message.url}
        if db.session.scalar(TOLD, told) is not None:
            return  # a switch that was restarted tells it under another event id
        row = _lacking(call_id, "ready_at")
        row.ready_at, row.url = message.at, message.url or ""
        row.seconds, row.sha256 = message.seconds, message.sha256 or ""


def _lacking(call_id: int, fact: str) -> Recording:
    """The call's oldest recording that lacks this fact, or a new one."""
    row = db.session.scalars(THE_OLDEST_LACKING[fact], {"call": call_id}).one_or_none()
    if row is None:
        row = Recording(call_id=call_id)
        db.session.add(row)
    return row
