"""Recordings as records: started and ready are two facts of one row, in whichever order they come."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from config.extensions import db
from hotline import prompts
from hotline.models import Recording
from hotline.services import messages
from hotline.telephony.contract import EventMessage, EventType

THE_OLDEST_LACKING = {
    fact: select(Recording)
    .where(
        Recording.call_id == bindparam("call"),
        Recording.is_message == bindparam("is_message"),
        getattr(Recording, fact).is_(None),
    )
    .order_by(Recording.id)
    .limit(1)
    for fact in ("started_at", "ready_at")
}


TOLD = select(Recording.id).where(Recording.call_id == bindparam("call"), Recording.url == bindparam("url"))


def note(call_id: int, message: EventMessage) -> None:
    """Keep what a recording event tells; other events are none of ours. The caller holds the call's row locked."""
    if message.type is EventType.RECORDING_STARTED:
        row = _lacking(call_id, "started_at", message)
        row.started_at = message.at
    elif message.type is EventType.RECORDING_READY:
        told = {"call": call_id, "url": message.url}
        if db.session.scalar(TOLD, told) is not None:
            return  # a switch that was restarted tells it under another event id
        row = _lacking(call_id, "ready_at", message)
        row.ready_at, row.url = message.at, message.url or ""
        row.seconds, row.sha256 = message.seconds, message.sha256 or ""
        if row.is_message:
            messages.came_in(call_id, message.at, message.seconds or 0.0)


def _lacking(call_id: int, fact: str, message: EventMessage) -> Recording:
    """The call's oldest recording that lacks this fact, or a new one."""
    about = {"call": call_id, "is_message": message.prompt == prompts.VOICEMAIL}
    row = db.session.scalars(THE_OLDEST_LACKING[fact], about).one_or_none()
    if row is None:
        row = Recording(call_id=call_id, is_message=about["is_message"])
        db.session.add(row)
    return row
