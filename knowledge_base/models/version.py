"""A version: the text, what it rests on, whom and when it holds for, and who answers for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.words import WORKING_STATES, Audience, Doubt, ItemKind, ItemState, Validity

if TYPE_CHECKING:
    from knowledge_base.models.passage import Passage


class KnowledgeVersion(Model):
    """The database keeps the life too: per item one version at work, one in force on any day, and four eyes on those.

    `expires_on` is the last day on which the text holds: the one it states itself (`stated_expires_on`), or the day
    before the version after it begins. `title_key`, `fingerprint` and `sketch` are what likeness.py makes of the words.
    """

    __tablename__ = "knowledge_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        # The item's key as a range of one number: so the constraint needs no extension of PostgreSQL.
        ExcludeConstraint(
            (text("int8range(item_id, item_id, '[]')"), "&&"),
            (text("daterange(effective_on, expires_on, '[]')"), "&&"),
            name="ex_knowledge_version_in_force",
            using="gist",
            where=text("state = 'published'"),
        ),
        Index(
            "ix_knowledge_version_in_force",
            "item_id",
            "effective_on",
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "uq_knowledge_version_in_work",
            "item_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'handed_in', 'in_review')"),
        ),
        Index("ix_knowledge_version_in_review", "submitted_at", postgresql_where=text("state = 'in_review'")),
        Index("ix_knowledge_version_published", "published_at", postgresql_where=text("state = 'published'")),
        Index("ix_knowledge_version_handed_in", "handed_in_at", postgresql_where=text("state = 'handed_in'")),
        Index("ix_knowledge_version_title_key", "title_key"),
        Index("ix_knowledge_version_fingerprint", "fingerprint"),
        Index("ix_knowledge_version_sketch", "sketch", postgresql_using="gin"),
        Index(
            "ix_knowledge_version_public",
            "published_at",
            postgresql_where=text("state = 'published' AND public"),
        ),
        Index(
            "ix_knowledge_version_doubts",
            "published_at",
            postgresql_where=text("state = 'published' AND cardinality(doubts) > 0"),
        ),
        CheckConstraint(
            "NOT public OR (audience <> 'staff' AND kind <> 'script')", name="staff_text_is_not_public"
        ),
        CheckConstraint("length(btrim(title)) > 0 AND length(btrim(body)) > 0", name="says_something"),
        CheckConstraint("expires_on IS NULL OR expires_on >= effective_on", name="ends_after_it_begins"),
        CheckConstraint(
            "state <> 'in_review' OR (submitted_at IS NOT NULL AND submitted_by_id IS NOT NULL)",
            name="review_was_asked_for",
        ),
        CheckConstraint("state <> 'handed_in' OR handed_in_at IS NOT NULL", name="handed_in_has_its_time"),
        CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND approved_by_id IS NOT NULL"
            " AND review_due_on IS NOT NULL AND retired_at IS NULL)",
            name="published_was_approved",
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> ALL (writer_ids)", name="four_eyes"),
        CheckConstraint("(published_at IS NULL) = (approved_by_id IS NULL)", name="approval_is_whole"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_has_its_time"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("knowledge_item.id"))
    number: Mapped[int]
    state: Mapped[ItemState] = word_column(ItemState, default=ItemState.DRAFT)
    edit_no: Mapped[int] = mapped_column(default=0)

    kind: Mapped[ItemKind] = word_column(ItemKind)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200), default="")
    document_no: Mapped[str] = mapped_column(String(80), default="")
    issued_by: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date | None]
    effective_on: Mapped[date]
    expires_on: Mapped[date | None]
    stated_expires_on: Mapped[date | None]
    region: Mapped[str] = mapped_column(String(80), default="")
    public: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[Audience] = word_column(Audience, default=Audience.EVERYONE)
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list)
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(String(120)), default=list)
    change_note: Mapped[str] = mapped_column(String(200), default="")
    doubts: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list, server_default=text("'{}'"))

    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[Moment]
    writer_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    begun_from_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_version.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_version.id"))
    handed_in_at: Mapped[Moment | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[Moment | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[Moment | None]
    review_due_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    retired_at: Mapped[Moment | None]

    title_key: Mapped[str] = mapped_column(String(200), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    sketch: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)

    item: Mapped[KnowledgeItem] = relationship(lazy="joined")
    written_by: Mapped[Person] = relationship(foreign_keys=written_by_id)
    approved_by: Mapped[Person | None] = relationship(foreign_keys=approved_by_id)
    passages: Mapped[list[Passage]] = relationship(
        back_populates="version", order_by="Passage.ordinal", cascade="all, delete-orphan"
    )

    def validity(self, on: date) -> Validity:
        """Whether the text holds on the day `on`, if it is published at all."""
        if on < self.effective_on:
            return Validity.NOT_YET
        if self.expires_on is not None and on > self.expires_on:
            return Validity.EXPIRED
        return Validity.VALID

    @property
    def doubtful(self) -> list[Doubt]:
        """What its import read without certainty and nobody has looked at since."""
        return [Doubt(name) for name in self.doubts]

    if TYPE_CHECKING:
        has_sibling_in_work: Mapped[bool]

    @property
    def cited_as(self) -> str:
        """What an answer names as its source: document and number, else the department and title."""
        document = " ".join(part for part in (self.source, self.document_no) if part)
        return document or f"{self.item.department} · {self.title}"


_sibling = KnowledgeVersion.__table__.alias("sibling")
# Whether another version of the same item is being worked on; asked for only where somebody wants to revise.
KnowledgeVersion.has_sibling_in_work = column_property(
    exists(
        select(_sibling.c.id).where(
            _sibling.c.item_id == KnowledgeVersion.item_id,
            _sibling.c.id != KnowledgeVersion.id,
            _sibling.c.state.in_(WORKING_STATES),
        )
    ),
    deferred=True,
)


def superseded_on(day: date) -> ColumnElement[bool]:
    """Another published version of the item has taken over by that day: history, not stock."""
    later = KnowledgeVersion.__table__.alias("later")
    return exists(
        select(later.c.id).where(
            later.c.item_id == KnowledgeVersion.item_id,
            later.c.state == ItemState.PUBLISHED,
            later.c.effective_on > KnowledgeVersion.effective_on,
            later.c.effective_on <= day,
        )
    )


def in_force_on(day: date | ColumnElement[date], version: Any = KnowledgeVersion) -> ColumnElement[bool]:
    """The one condition for "valid on that day"; every query that shows knowledge as valid uses it.

    `version` is what has a version's columns, where that is not the table itself.
    """
    held: ColumnElement[bool] = (
        (version.state == ItemState.PUBLISHED)
        & (version.effective_on <= day)
        & (func.coalesce(version.expires_on, day) >= day)
    )
    return held
