"""What the department answers and what the citizen says to it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Encrypted, Model, Moment, word_column
from config.words import Hue, Word


class ReplyState(Word):
    WRITTEN = "written", _l("Waiting for release"), Hue.WAITING
    RELEASED = "released", _l("Released"), Hue.RUNNING
    PASSED = "passed", _l("Passed"), Hue.GOOD
    FAILED = "failed", _l("Failed review"), Hue.LATE
    SENT_BACK = "sent_back", _l("Back to the officer"), Hue.QUIET


class Reply(Model):
    """What the department answers. The public text stands apart from the internal one (domain § 3, Rules)."""

    __tablename__ = "reply"
    __table_args__ = (
        Index("ix_reply_case", "case_id", "id"),
        Index("uq_reply_written", "case_id", unique=True, postgresql_where=text("state = 'written'")),
        CheckConstraint(
            "state NOT IN ('released', 'passed', 'failed') OR (released_at IS NOT NULL AND released_by_id IS NOT NULL)",
            name="released_by_somebody",
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[ReplyState] = word_column(ReplyState, default=ReplyState.WRITTEN)
    written_at: Mapped[Moment]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[Moment | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    claim_true: Mapped[bool | None]
    beyond_duty: Mapped[bool] = mapped_column(default=False)
    contacted_number: Mapped[str | None] = mapped_column(Encrypted)
    contacted_at: Mapped[Moment | None]
    solved: Mapped[bool | None]
    why_not: Mapped[str] = mapped_column(Text, default="")
    internal_text: Mapped[str] = mapped_column(Text, default="")
    public_text: Mapped[str] = mapped_column(Text)

    department: Mapped[Department] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])


class CallbackResult(Word):
    NOT_REACHED = "not_reached", _l("Not reached"), Hue.QUIET
    REACHED = "reached", _l("Reached"), Hue.GOOD


class Callback(Model):
    """One try to ask the citizen: is it solved, are you satisfied?"""

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_case", "case_id"),
        Index("ix_callback_at", "at"),
        CheckConstraint("(result = 'reached') = (solved IS NOT NULL)", name="reached_is_answered"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    result: Mapped[CallbackResult] = word_column(CallbackResult)
    solved: Mapped[bool | None]
    rating: Mapped[int | None] = mapped_column(doc="5 very satisfied … 1 very dissatisfied; None: not rated")
    remark: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship()
