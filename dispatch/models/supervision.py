"""Pressing: urges and numbered notices."""

from __future__ import annotations

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, Sequence, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from dispatch.workflow import NoticeCause

NOTICE_NUMBERS = Sequence("notice_number")
NOTICE_NUMBERS_DDL = "CREATE SEQUENCE notice_number"


class Urge(Model):
    """The citizen called again about an open case (domain § 3, Rules), or the hotline presses."""

    __tablename__ = "urge"
    __table_args__ = (Index("ix_urge_case", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text)
    call_no: Mapped[str | None] = mapped_column(String(32))

    person: Mapped[Person] = relationship()


class SupervisionNotice(Model):
    """A numbered notice with demand, addressee and deadline, answered in its own step."""

    __tablename__ = "supervision_notice"
    __table_args__ = (
        Index("ix_supervision_notice_case", "case_id"),
        Index(
            "uq_supervision_notice_open", "case_id", unique=True, postgresql_where=text("answered_at IS NULL")
        ),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        Index("ix_supervision_notice_open", "due_at", postgresql_where=text("answered_at IS NULL")),
    )

    notice_no: Mapped[str] = mapped_column(String(24), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    issued_at: Mapped[Moment]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[NoticeCause | None] = word_column(NoticeCause)
    demand: Mapped[str] = mapped_column(Text)
    due_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    withdrawn: Mapped[bool] = mapped_column(
        default=False, doc="settled by the case's return, without an answer"
    )

    department: Mapped[Department] = relationship()


event.listen(SupervisionNotice.__table__, "after_create", DDL(NOTICE_NUMBERS_DDL))
