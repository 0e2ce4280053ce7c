"""Who searched for what, and what they did with what they found: the raw rows of the knowledge monitor."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment, word_column
from knowledge_base.words import SearchOrigin, UseKind


class SearchLog(Model):
    """One search as a person means it: what is typed letter by letter is one row, the last state of it.

    Of one on the public pages nothing is kept but the words, without numbers, and the hour: nobody's, and to be put
    together with no other log.
    """

    __tablename__ = "knowledge_search"
    __table_args__ = (
        Index("ix_knowledge_search_at", "at"),
        Index("ix_knowledge_search_person", "person_id", "id"),
        Index("ix_knowledge_search_empty", "at", postgresql_where=text("hits = 0")),
        CheckConstraint("(origin = 'public') = (person_id IS NULL)", name="public_is_nobodys"),
    )

    at: Mapped[Moment]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    origin: Mapped[SearchOrigin] = word_column(SearchOrigin)
    query: Mapped[str] = mapped_column(String(200))
    hits: Mapped[int]


class KnowledgeUse(Model):
    """`rank` is the place in the list of hits (1 is first), `subject` the case or call it was used for.

    What was used is an item (in the version of `version_number`), the directory's entry of a department, or a
    script (then 0). `sent_to` is the masked number a link went to.
    """

    __tablename__ = "knowledge_use"
    __table_args__ = (
        Index("ix_knowledge_use_at", "at"),
        Index("ix_knowledge_use_item", "item_id", "at"),
        Index("ix_knowledge_use_search_id", "search_id", postgresql_where=text("search_id IS NOT NULL")),
        CheckConstraint("num_nonnulls(item_id, department_id, script_id) = 1", name="of_one_thing"),
        CheckConstraint("(kind = 'sent') = (sent_to <> '')", name="sent_to_somebody"),
        Index("ix_knowledge_use_subject", "subject", postgresql_where=text("subject <> ''")),
    )

    at: Mapped[Moment]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_item.id"))
    version_number: Mapped[int]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    script_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_script.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[UseKind] = word_column(UseKind)
    search_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_search.id"))
    rank: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(64), default="")
    sent_to: Mapped[str] = mapped_column(String(32), default="")
