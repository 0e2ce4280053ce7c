"""What the shift lead's floor needs: how long breaks may last, and words sent to agents."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from hotline.words import NotReadyReason


class BreakAllowance(Model):
    """How long one stretch of not being ready may last for `reason`. A reason without a row may last."""

    __tablename__ = "break_allowance"
    __table_args__ = (
        UniqueConstraint("reason"),
        CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),
    )

    reason: Mapped[NotReadyReason] = word_column(NotReadyReason)
    minutes: Mapped[int]


class AgentMessage(Model):
    """A sentence from the floor to one agent; it stays on their call bar until they have read it."""

    __tablename__ = "agent_message"
    __table_args__ = (
        Index("ix_agent_message_unread", "agent_id", "id", postgresql_where=text("read_at IS NULL")),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(String(200))
    at: Mapped[Moment]
    read_at: Mapped[Moment | None]

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
