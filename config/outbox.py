"""What must be told and must survive a crash: a row in the same transaction as the change it tells of.

A clock process delivers rows at least once to the handler of their topic. A failing row waits 1 min, 5 min,
30 min, 2 h, 12 h and is then parked as dead until a person sends it again (domain § 7).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, String, Text, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.extensions import db
from config.model import Model, Moment
from config.periodic import periodic
from config.transaction import transaction, transactional

log = structlog.get_logger(__name__)
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}

KEPT = timedelta(days=30)
"""So long a delivered row can still be looked up. Parked ones stay: a person decides."""
PATIENCE = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))


class OutboxRow(Model):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "due_at", postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL")),
        Index("ix_outbox_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    topic: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[Moment | None]
    dead_at: Mapped[Moment | None]


def outbox_handler(topic: str) -> Callable[[Handler], Handler]:
    """Register what delivers rows of `topic`; it must bear being called twice with the same payload."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def put(topic: str, **payload: Any) -> None:
    """Add a row, as part of the caller's transaction."""
    at = clock.now()
    db.session.add(OutboxRow(topic=topic, payload=payload, created_at=at, due_at=at))


def deliver_outbox(limit: int = 100, until: datetime | None = None) -> int:
    """Deliver up to `limit` due rows, oldest first, one transaction each. Returns how many were tried."""
    done = 0
    while done < limit and _deliver_one(until or clock.now()):
        done += 1
    return done


def _deliver_one(until: datetime) -> bool:
    with transaction():
        row = db.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.due_at <= until, OutboxRow.delivered_at.is_(None), OutboxRow.dead_at.is_(None))
            .order_by(OutboxRow.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return False
        row.attempts += 1
        try:
            with db.session.begin_nested():
                _handlers[row.topic](dict(row.payload))
            row.delivered_at = until
        except Exception as error:
            _put_off(row, error, until)
    return True


def _put_off(row: OutboxRow, error: Exception, until: datetime) -> None:
    row.last_error = f"{type(error).__name__}: {error}"[:2000]
    if row.attempts > len(PATIENCE):
        row.dead_at = until
        log.error("outbox_row_parked", topic=row.topic, id=row.id, error=row.last_error)
    else:
        row.due_at = until + PATIENCE[row.attempts - 1]
        log.warning("outbox_row_put_off", topic=row.topic, id=row.id, error=row.last_error)


@periodic("50 3 * * *", "outbox.tidy")
@transactional
def tidy() -> int:
    """Forget what was delivered long ago; how many rows."""
    gone = delete(OutboxRow).where(OutboxRow.delivered_at < clock.now() - KEPT).returning(OutboxRow.id)
    return len(db.session.scalars(gone).all())
