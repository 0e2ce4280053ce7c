"""Queues, and who waits in them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model, Moment, word_column
from hotline.models.seat import Skill
from hotline.words import QueueExit

STILL_WAITING = text("left_at IS NULL")


class CallQueue(Model):
    """Where callers who need `skill` wait.

    The default one takes everybody whom no flow sends elsewhere. With `auto_answer` a telephone in the browser picks up
    by itself after a tone. Times are seconds.
    """

    __tablename__ = "call_queue"
    __table_args__ = (
        Index(
            "uq_call_queue_default", "is_default", unique=True, postgresql_where=text("is_default AND active")
        ),
        CheckConstraint("ring_timeout BETWEEN 5 AND 120", name="ring_timeout"),
        CheckConstraint("wrap_up_seconds BETWEEN 0 AND 3600", name="wrap_up_seconds"),
    )

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    is_default: Mapped[bool] = mapped_column(default=False)
    music: Mapped[str] = mapped_column(String(64), default="default")
    ring_timeout: Mapped[int] = mapped_column(default=15)
    wrap_up_seconds: Mapped[int] = mapped_column(default=30)
    priority: Mapped[int] = mapped_column(default=0)
    auto_answer: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    skill: Mapped[Skill] = relationship(lazy="joined", innerjoin=True)


class QueueEntry(Model):
    """One wait. `offered` while somebody's telephone rings for it; `returned` once a ring went unanswered."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index("uq_queue_entry_open", "call_id", unique=True, postgresql_where=STILL_WAITING),
        Index("ix_queue_entry_waiting", "queue_id", "joined_at", postgresql_where=STILL_WAITING),
        Index("ix_queue_entry_call_id", "call_id"),
        CheckConstraint("(left_at IS NULL) = (exit IS NULL)", name="left_with_exit"),
        CheckConstraint("left_at IS NULL OR NOT offered", name="offered_while_waiting"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("call_queue.id"))
    priority: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[Moment]
    offered: Mapped[bool] = mapped_column(default=False)
    returned: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[Moment | None]
    exit: Mapped[QueueExit | None] = word_column(QueueExit)

    queue: Mapped[CallQueue] = relationship()
