"""What was done to an item, by whom and why: one row for each deed, written with it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.words import ItemState


class KnowledgeEvent(Model):
    """`action` is a word of `workflow.ItemAction`, or `draft` for a version that was begun.

    `import_id` is the batch that did it.
    """

    __tablename__ = "knowledge_event"
    __table_args__ = (
        Index("ix_knowledge_event_item", "item_id", "id"),
        Index(
            "ix_knowledge_event_assessment",
            "at",
            postgresql_where=text("action IN ('hand_in', 'accept', 'refuse')"),
        ),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    version_number: Mapped[int]
    at: Mapped[Moment]
    action: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[ItemState] = word_column(ItemState)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_import.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    person: Mapped[Person] = relationship(lazy="joined")
    item: Mapped[KnowledgeItem] = relationship()
