"""Citizens who hung up while waiting and left us their place: they are called when it is their turn."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Encrypted, Model, Moment, word_column
from hotline.models.call import Call
from hotline.models.queue import CallQueue
from hotline.words import KeptPlaceState


class KeptPlace(Model):
    """One open row per number. `call_id` is the call in which the callback was taken; `attempt_call_id` the outgoing
    call that stands in the queue for it, or was dialled last; `due_at` when the next may, after one in vain."""

    __tablename__ = "kept_place"
    __table_args__ = (
        Index("uq_kept_place_open", "number_index", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("uq_kept_place_call", "call_id", unique=True),
        Index(
            "ix_kept_place_attempt", "attempt_call_id", postgresql_where=text("attempt_call_id IS NOT NULL")
        ),
        Index("ix_kept_place_taken", text("taken_at DESC")),
        CheckConstraint("(closed_at IS NULL) = (state = 'waiting')", name="closed_state"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    number: Mapped[str] = mapped_column(Encrypted)
    number_index: Mapped[str] = mapped_column(String(64))
    queue_id: Mapped[int] = mapped_column(ForeignKey("call_queue.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    taken_at: Mapped[Moment]
    waiting_since: Mapped[Moment]
    priority: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    due_at: Mapped[Moment]
    state: Mapped[KeptPlaceState] = word_column(KeptPlaceState)
    closed_at: Mapped[Moment | None]

    queue: Mapped[CallQueue] = relationship()
    call: Mapped[Call] = relationship(foreign_keys=[call_id])
