"""Which departments have a part in a case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from config.words import Hue, Word


class AssignmentRole(Word):
    LEAD = "lead", _l("Lead"), Hue.QUIET
    ASSIST = "assist", _l("Assisting"), Hue.QUIET
    BELOW = "below", _l("Handed down"), Hue.QUIET


class Assignment(Model):
    """A department's part in a case. One open lead at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_open_lead",
            "case_id",
            unique=True,
            postgresql_where=text("role = 'lead' AND ended_at IS NULL"),
        ),
        Index(
            "uq_assignment_open",
            "case_id",
            "department_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignment_case", "case_id"),
        Index("ix_assignment_led", "assigned_at", postgresql_where=text("role = 'lead'")),
        CheckConstraint("ended_at IS NULL OR ended_at >= assigned_at", name="ends_after_start"),
        Index(
            "ix_assignment_beside",
            "department_id",
            "case_id",
            postgresql_where=text("ended_at IS NULL AND role <> 'lead'"),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    role: Mapped[AssignmentRole] = word_column(AssignmentRole)
    assigned_at: Mapped[Moment]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    advice: Mapped[str] = mapped_column(Text, default="")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="who signed")
    report: Mapped[str] = mapped_column(Text, default="", doc="what it answered to the lead")

    department: Mapped[Department] = relationship(lazy="joined")
    officer: Mapped[Person | None] = relationship(foreign_keys=[officer_id])
