"""What search learns from people: groups of words that editors keep, and questions that passages have answered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment
from knowledge_base.models.item import KnowledgeItem


class WordGroup(Model):
    """Words that mean the same, or one word of the city's own that is searched for whole.

    The first `leads` words lead to the others and not back; 0 where each leads to all.

    A group is taken out of use, never deleted: `changed_at` tells every process that something has changed.
    """

    __tablename__ = "knowledge_word_group"
    __table_args__ = (
        Index("ix_knowledge_word_group_changed_at", "changed_at"),
        CheckConstraint("cardinality(words) BETWEEN 1 AND 20", name="says_something"),
        CheckConstraint("leads BETWEEN 0 AND cardinality(words) - 1", name="leads_to_others"),
    )

    words: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    leads: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[Moment]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    changed_by: Mapped[Person] = relationship(lazy="joined")


class AskedQuestion(Model):
    """A question whose answer somebody took from a passage. It helps to find that passage for those who ask alike.

    The passage is known by the words it begins with, so that a new version of the item with the same article keeps
    it. `times` people used it so; `in_index` once the search index holds the question's words too.
    """

    __tablename__ = "knowledge_asked"
    __table_args__ = (
        UniqueConstraint("item_id", "opening", "question"),
        Index("ix_knowledge_asked_waiting", "item_id", postgresql_where=text("NOT in_index")),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    opening: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(String(120))
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[Moment]
    in_index: Mapped[bool] = mapped_column(default=False)

    item: Mapped[KnowledgeItem] = relationship()


OPENING = 32
"""Characters of a passage that tell it from the others of its item."""
