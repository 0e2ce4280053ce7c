"""What readers say about an item: helpful or not, and what is wrong in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.words import CorrectionState


class KnowledgeRating(Model):
    """One person's opinion of one item; a change of mind overwrites it."""

    __tablename__ = "knowledge_rating"
    __table_args__ = (UniqueConstraint("item_id", "person_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helpful: Mapped[bool]
    at: Mapped[Moment]


class KnowledgeCorrection(Model):
    """Somebody says what is wrong; by `due_on` its owner, or whoever else may edit, answers it."""

    __tablename__ = "knowledge_correction"
    __table_args__ = (
        Index("ix_knowledge_correction_open", "item_id", postgresql_where=text("settled_at IS NULL")),
        Index("ix_knowledge_correction_due", "due_on", "id", postgresql_where=text("settled_at IS NULL")),
        Index(
            "ix_knowledge_correction_settled", "settled_at", postgresql_where=text("settled_at IS NOT NULL")
        ),
        CheckConstraint("(settled_at IS NULL) = (state IN ('open', 'in_hand'))", name="settled_has_its_time"),
        CheckConstraint("state <> 'in_hand' OR owner_id IS NOT NULL", name="in_hand_of_somebody"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    version_number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CorrectionState] = word_column(CorrectionState, default=CorrectionState.OPEN)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    reminded_on: Mapped[date | None]
    settled_at: Mapped[Moment | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(500), default="")

    item: Mapped[KnowledgeItem] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    settled_by: Mapped[Person | None] = relationship(foreign_keys=settled_by_id)
