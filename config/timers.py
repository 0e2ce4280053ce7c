"""What must happen at a moment is a row with a due time, which any clock process may take.

A timer has a kind and a key; setting it again moves it. Its handler runs in one transaction with the
removal of the row, so it acts exactly once or, if it fails, again later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CTE, Index, String, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.extensions import db
from config.model import Model, Moment
from config.together import later, parameter
from config.transaction import transaction

log = structlog.get_logger(__name__)
Handler = Callable[[str, dict[str, Any]], None]
_handlers: dict[str, Handler] = {}

RETRY_AFTER = timedelta(seconds=30)


class Timer(Model):
    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_timer_due", "due_at"))

    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[Moment]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    failures: Mapped[int] = mapped_column(default=0)


_TIMERS = Timer.__table__


@dataclass(frozen=True)
class _Set:
    """The timer is set, or moved."""

    def part(self, name: str, _before: Sequence[CTE]) -> CTE:
        columns = ("kind", "key", "due_at", "payload", "failures")
        made = insert(_TIMERS).values({column: parameter(name, column) for column in columns})
        moved = {column: made.excluded[column] for column in ("due_at", "payload", "failures")}
        return made.on_conflict_do_update(index_elements=["kind", "key"], set_=moved).cte(name)


@dataclass(frozen=True)
class _Cancelled:
    """The timer is forgotten, if it was set."""

    def part(self, name: str, _before: Sequence[CTE]) -> CTE:
        kind, key = parameter(name, "kind"), parameter(name, "key")
        return delete(_TIMERS).where(_TIMERS.c.kind == kind, _TIMERS.c.key == key).cte(name)


_SOONEST = (
    select(Timer.id)
    .where(Timer.due_at <= bindparam("until", type_=Timer.due_at.type))
    .order_by(Timer.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
TAKE = (
    delete(Timer.__table__)
    .where(Timer.id == _SOONEST.scalar_subquery())
    .returning(Timer.id, Timer.kind, Timer.key, Timer.payload)
)
"""The soonest that is due and that nobody else holds."""


def timer_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that acts when a timer of `kind` is due: `handler(key, payload)`."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def set_timer(kind: str, key: str | int, due_at: datetime, **payload: Any) -> None:
    """Set or move the timer; part of the caller's transaction."""
    row = {"kind": kind, "key": str(key), "due_at": due_at, "payload": payload, "failures": 0}
    later(("timer", kind, str(key)), _Set(), row)


def cancel_timer(kind: str, key: str | int) -> None:
    """Forget the timer, if it is set."""
    later(("timer", kind, str(key)), _Cancelled(), {"kind": kind, "key": str(key)})


def run_due_timers(limit: int = 100, until: datetime | None = None) -> int:
    """Act on up to `limit` timers that are due, soonest first, one transaction each. Returns how many."""
    done = 0
    while done < limit and _run_one(until or clock.now()):
        done += 1
    return done


def _run_one(until: datetime) -> bool:
    """Take the soonest due timer that nobody else holds, and act. False when there is none."""
    taken: tuple[int, str, str] | None = None
    try:
        with transaction():
            timer = db.session.execute(TAKE, {"until": until}).one_or_none()
            if timer is None:
                return False
            # It is gone, then acted on: the handler may set the same timer anew.
            taken = timer.id, timer.kind, timer.key
            handler = _handlers.get(timer.kind)
            if handler is None:
                log.error("timer_without_handler", kind=timer.kind, key=timer.key)
            else:
                handler(timer.key, timer.payload)
    except Exception:
        if taken is None:
            raise
        log.exception("timer_failed", kind=taken[1], key=taken[2])
        _put_off(taken[0], until)
    return True


def _put_off(timer_id: int, until: datetime) -> None:
    """Try a failed timer again later, ever more slowly, so that it cannot block the ones behind it."""
    with transaction():
        timer = db.session.get(Timer, timer_id)
        if timer is not None:
            timer.failures += 1
            timer.due_at = until + RETRY_AFTER * min(2**timer.failures, 120)
