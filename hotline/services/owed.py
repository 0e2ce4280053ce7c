"""What was owed to a caller, until news came late that shows otherwise: they left a message, somebody else answered."""

from __future__ import annotations

from sqlalchemy import Exists, exists, select

from config.extensions import db
from config.live import tell
from hotline.models import Call, CallEvent, MissedCall
from hotline.telephony.contract import EventMessage, EventType


def was_taken_at_the_fallback(call: Call) -> Exists:
    """Somebody answered them where the switch sends callers while we cannot be asked."""
    return exists().where(CallEvent.call_id == call.id, CallEvent.type == EventType.FALLBACK_ANSWERED)


def note(call_id: int, message: EventMessage) -> None:
    """That they were taken there is told when that talk is over, which may be after half an hour."""
    if message.type is EventType.FALLBACK_ANSWERED:
        take_back(db.session.get_one(Call, call_id))


def take_back(call: Call) -> None:
    """This call was no missed one. Whom somebody has called already, or calls just now, is left to them."""
    if call.caller_index is None or call.ended_at is None:
        return
    task = db.session.scalars(
        select(MissedCall)
        .where(
            MissedCall.number_index == call.caller_index,
            MissedCall.closed_at.is_(None),
            MissedCall.attempts == 0,
            MissedCall.attempt_call_id.is_(None),
            MissedCall.first_missed_at <= call.ended_at,
            MissedCall.last_missed_at >= call.ended_at,
        )
        .with_for_update()
    ).one_or_none()
    if task is None:
        return
    if task.times > 1:
        task.times -= 1
    else:
        db.session.delete(task)
        tell("desk:missed", "worklist", {"desk": "missed", "delta": -1})
