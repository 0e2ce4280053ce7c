"""An item: what all versions of a piece of knowledge have in common."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment


class KnowledgeItem(Model):
    """Thin on purpose: whatever a reader sees stands on a version, so that nothing changes without review.

    `revision` is the number of the last change that search must follow; 0 while never published.
    """

    __tablename__ = "knowledge_item"
    __table_args__ = (
        Index("ix_knowledge_item_revision", "revision"),
        Index("ix_knowledge_item_department_id", "department_id"),
    )

    item_no: Mapped[str] = mapped_column(String(16), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    review_every_months: Mapped[int] = mapped_column(default=12)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Moment]

    helpful_count: Mapped[int] = mapped_column(default=0)
    unhelpful_count: Mapped[int] = mapped_column(default=0)
    used_count: Mapped[int] = mapped_column(default=0)

    department: Mapped[Department] = relationship(lazy="joined")
    owner: Mapped[Person] = relationship(lazy="select")

    def __str__(self) -> str:
        return self.item_no
