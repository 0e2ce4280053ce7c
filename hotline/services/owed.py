"""What was owed to a caller, until news came late that shows otherwise: they left a message, somebody else answered."""

from __future__ import annotations

from sqlalchemy import select

from config.extensions import db
from config.live import tell
from hotline.models import Call, MissedCall


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
