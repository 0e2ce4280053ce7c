"""The desk of missed calls."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from config import clock
from config.extensions import db
from hotline.models import CallQueue, MissedCall
from hotline.queries.loading import with_name


def missed_calls(settled: bool = False) -> Select[Any]:
    """Those to be called, the longest due first; or those that are settled."""
    closed = MissedCall.closed_at.is_not(None) if settled else MissedCall.closed_at.is_(None)
    return (
        select(MissedCall)
        .where(closed)
        .options(
            joinedload(MissedCall.queue).lazyload(CallQueue.skill),
            with_name(MissedCall.attempt_by),
            with_name(MissedCall.closed_by),
        )
    )


def missed_keys(settled: bool = False) -> list[Any]:
    return [MissedCall.closed_at.desc() if settled else MissedCall.due_at, MissedCall.id]


def missed_due() -> int:
    """How many may be called now."""
    due = (
        MissedCall.closed_at.is_(None),
        MissedCall.attempt_call_id.is_(None),
        MissedCall.due_at <= clock.now(),
    )
    return db.session.scalar(select(func.count()).select_from(MissedCall).where(*due)) or 0
