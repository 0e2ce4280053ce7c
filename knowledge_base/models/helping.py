"""What helps while a citizen is on the line: a person's favourites, and scripts to speak by."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment
from knowledge_base.models.item import KnowledgeItem


class Favourite(Model):
    """An item that a person keeps at hand."""

    __tablename__ = "knowledge_favourite"
    __table_args__ = (UniqueConstraint("person_id", "item_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    at: Mapped[Moment]

    item: Mapped[KnowledgeItem] = relationship()


class Script(Model):
    """Words to say: for every call, or for a branch of the categories, or for callers of a queue.

    Codes are those of the floors above. A script is taken out of use, never deleted: uses refer to it.
    """

    __tablename__ = "knowledge_script"
    __table_args__ = (
        Index("ix_knowledge_script_active", "place", "id", postgresql_where=text("active")),
        CheckConstraint("length(btrim(title)) > 0 AND length(btrim(body)) > 0", name="says_something"),
    )

    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(1000))
    category_code: Mapped[str] = mapped_column(String(32), default="")
    queue_code: Mapped[str] = mapped_column(String(64), default="")
    place: Mapped[int] = mapped_column(default=100)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[Moment]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    changed_by: Mapped[Person] = relationship(lazy="joined")
