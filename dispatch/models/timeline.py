"""The timeline of a case: one row for each thing that happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from dispatch.workflow import Action, CaseState


class CaseEvent(Model):
    """One line of the timeline, written in the transaction of the deed it tells of."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case", "case_id", "id"),
        Index("ix_case_event_action", "action", "at"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    action: Mapped[Action | None] = word_column(Action)
    kind: Mapped[str] = mapped_column(String(32), default="deed", doc="deed, card, alert, unmask, knowledge")
    from_state: Mapped[CaseState | None] = mapped_column(String(32))
    to_state: Mapped[CaseState | None] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    internal: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    person: Mapped[Person | None] = relationship()
    department: Mapped[Department | None] = relationship()
