"""What departments ask of the hotline, and what was ruled."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from dispatch.workflow import RequestKind, ReturnReason, Ruling


class CaseRequest(Model):
    """A department asks for a return, an extension, …; the state does not change until it is ruled on."""

    __tablename__ = "case_request"
    __table_args__ = (
        Index("ix_case_request_case", "case_id"),
        Index(
            "uq_case_request_waiting",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("ruling = 'waiting'"),
        ),
        Index("ix_case_request_waiting", "kind", "asked_at", postgresql_where=text("ruling = 'waiting'")),
        CheckConstraint("(ruling = 'waiting') = (ruled_at IS NULL)", name="ruled"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[RequestKind] = word_column(RequestKind)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    reason_code: Mapped[ReturnReason | None] = word_column(ReturnReason)
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    days: Mapped[int | None] = mapped_column(doc="asked for: hours or working days, as the clock counts")
    ruling: Mapped[Ruling] = word_column(Ruling, default=Ruling.WAITING)
    ruled_at: Mapped[Moment | None]
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruling_reason: Mapped[str] = mapped_column(Text, default="")

    department: Mapped[Department | None] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
