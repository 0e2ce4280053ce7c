"""Callers who gave up and are owed a call."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.models.queue import CallQueue
from hotline.words import MissedReason, MissedState


class MissedCall(Model):
    """One open row per number, however often it rang in vain (domain § 2). `due_at`: not to be called before."""

    __tablename__ = "missed_call"
    __table_args__ = (
        Index("uq_missed_call_open", "number_index", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_missed_call_due", "due_at", postgresql_where=text("closed_at IS NULL")),
        Index(
            "ix_missed_call_closed", text("closed_at DESC"), postgresql_where=text("closed_at IS NOT NULL")
        ),
        Index(
            "ix_missed_call_attempt", "attempt_call_id", postgresql_where=text("attempt_call_id IS NOT NULL")
        ),
        CheckConstraint("(closed_at IS NULL) = (state = 'open')", name="closed_state"),
        CheckConstraint(
            "(state = 'closed') = (reason IS NOT NULL) AND (state = 'closed') = (closed_by_id IS NOT NULL)",
            name="closed_by_somebody",
        ),
        CheckConstraint("attempts >= 0 AND times >= 1", name="counts"),
    )

    number: Mapped[str] = mapped_column(Encrypted)
    number_index: Mapped[str] = mapped_column(String(64))
    queue_id: Mapped[int | None] = mapped_column(ForeignKey("call_queue.id"))
    times: Mapped[int] = mapped_column(default=1)
    first_missed_at: Mapped[Moment]
    last_missed_at: Mapped[Moment]
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    attempt_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[MissedState] = word_column(MissedState)
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[MissedReason | None] = word_column(MissedReason)
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")

    queue: Mapped[CallQueue | None] = relationship()
    attempt_by: Mapped[Person | None] = relationship(foreign_keys=[attempt_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
