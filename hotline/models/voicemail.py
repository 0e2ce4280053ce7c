"""Messages citizens left: each is a task for the next shift."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.models.call import Call
from hotline.models.queue import CallQueue
from hotline.words import VoicemailState


class Voicemail(Model):
    """`taken_by`: who is at it, since `taken_at`, and nobody else may. `case_no`: what was registered of it."""

    __tablename__ = "voicemail"
    __table_args__ = (
        Index("uq_voicemail_call", "call_id", unique=True),
        Index("ix_voicemail_open", "left_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_voicemail_done", text("done_at DESC"), postgresql_where=text("done_at IS NOT NULL")),
        CheckConstraint("(done_at IS NULL) = (state = 'open')", name="done_state"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        CheckConstraint("(taken_at IS NULL) = (taken_by_id IS NULL)", name="taken_by_somebody"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    number: Mapped[str | None] = mapped_column(Encrypted)
    queue_id: Mapped[int | None] = mapped_column(ForeignKey("call_queue.id"))
    left_at: Mapped[Moment]
    seconds: Mapped[float]
    state: Mapped[VoicemailState] = word_column(VoicemailState)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[Moment | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    case_no: Mapped[str] = mapped_column(String(32), default="")

    call: Mapped[Call] = relationship()
    queue: Mapped[CallQueue | None] = relationship()
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])
