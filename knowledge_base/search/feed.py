"""What an index is fed with: the passages of everything published, read from the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, and_, case, func, select

from config.extensions import db
from knowledge_base.models import AskedQuestion, KnowledgeItem, KnowledgeVersion, Passage, Stamp
from knowledge_base.models.revision import current_stamp
from knowledge_base.models.wording import OPENING
from knowledge_base.search import entries
from knowledge_base.search.engine import PassageDocument
from knowledge_base.words import ItemState

AT_ONCE = 200
"""Items read by one statement: a rebuild of a large stock holds no long transaction and little memory."""


class DatabaseFeed:
    """Published and not yet expired or not yet in force alike: validity is a filter, because days pass unseen."""

    def stamp(self) -> Stamp:
        """How far the database is."""
        return current_stamp()

    def changed_since(self, number: int) -> list[int]:
        """The items, and the entries of the directory, that are out of date in an index at `number`."""
        changed = select(KnowledgeItem.id).where(KnowledgeItem.revision > number)
        return [*db.session.scalars(changed.order_by(KnowledgeItem.id)), *entries.changed_since(number)]

    def next_since(self, number: int, passages: int) -> tuple[list[int], int | None]:
        """The first of those, of about so many passages, and the number up to which they are all; None: to the end."""
        counted = (
            select(KnowledgeItem.revision, KnowledgeItem.id, func.count(Passage.id))
            .outerjoin(
                KnowledgeVersion,
                and_(
                    KnowledgeVersion.item_id == KnowledgeItem.id,
                    KnowledgeVersion.state == ItemState.PUBLISHED,
                ),
            )
            .outerjoin(Passage, Passage.version_id == KnowledgeVersion.id)
            .where(KnowledgeItem.revision > number)
            .group_by(KnowledgeItem.id)
        )
        rows = [tuple(row) for row in db.session.execute(counted)]
        rows += [(revision, key, 1) for revision, key in entries.revisions_since(number)]
        ids: list[int] = []
        taken, until = 0, number
        for revision, key, count in sorted(rows):
            if taken >= passages and revision != until:  # what one number has changed stays together
                return ids, until
            ids.append(key)
            taken, until = taken + count, revision
        return ids, None

    def let_go(self) -> None:
        """End the transaction in which was read: what comes now takes long, and asks nothing."""
        db.session.rollback()

    def passage_count(self, since: int = 0) -> int:
        """How many passages an index at `since` would have to take in."""
        counted = (
            select(func.count())
            .select_from(Passage)
            .join(KnowledgeVersion)
            .join(KnowledgeItem)
            .where(KnowledgeItem.revision > since, KnowledgeVersion.state == ItemState.PUBLISHED)
        )
        return (db.session.scalar(counted) or 0) + entries.count(since)

    def documents(self, item_ids: Sequence[int]) -> Iterator[PassageDocument]:
        """The passages of those of `item_ids` that are published; negative ones are entries of the directory."""
        if offices := [key for key in item_ids if key < 0]:
            yield from entries.documents(offices)
        item_ids = [key for key in item_ids if key > 0]
        for start in range(0, len(item_ids), AT_ONCE):
            rows = db.session.execute(
                _PASSAGES.where(KnowledgeItem.id.in_(item_ids[start : start + AT_ONCE]))
            )
            for row in rows:
                yield PassageDocument(
                    passage_id=row.passage_id,
                    item_id=row.item_id,
                    kind=row.kind,
                    department_id=row.department_id,
                    effective_on=row.effective_on,
                    expires_on=row.expires_on,
                    title=row.title,
                    heading=row.heading,
                    text=row.text,
                    also=" ".join([*row.synonyms, *row.tags, row.begins_with, *row.asked]),
                    audience=row.audience,
                    region=row.region,
                    public=row.public,
                )


MOST_ASKED = 20
"""Questions a passage is found by: those it answered most often."""


def asked_of(passage: type[Passage] = Passage) -> ScalarSelect[Any]:
    """The questions that a passage has answered, as an array; correlated to the passage and its item."""
    often = (
        select(AskedQuestion.question)
        .where(
            AskedQuestion.item_id == KnowledgeItem.id,
            AskedQuestion.opening == func.left(passage.text, OPENING),
        )
        .order_by(AskedQuestion.times.desc(), AskedQuestion.last_at.desc())
        .limit(MOST_ASKED)
        .correlate(KnowledgeItem, passage)
    )
    return select(func.array(often.scalar_subquery())).scalar_subquery()


_PASSAGES = (
    select(
        Passage.id.label("passage_id"),
        KnowledgeItem.id.label("item_id"),
        KnowledgeItem.department_id,
        KnowledgeVersion.kind,
        KnowledgeVersion.effective_on,
        KnowledgeVersion.expires_on,
        KnowledgeVersion.title,
        KnowledgeVersion.synonyms,
        KnowledgeVersion.tags,
        # A document's number leads to its beginning. In every passage it would only make all of them longer.
        case((Passage.ordinal == 1, KnowledgeVersion.document_no), else_="").label("begins_with"),
        KnowledgeVersion.audience,
        KnowledgeVersion.region,
        KnowledgeVersion.public,
        asked_of().label("asked"),
        Passage.heading,
        Passage.text,
    )
    .join(KnowledgeVersion, KnowledgeVersion.id == Passage.version_id)
    .join(KnowledgeItem, KnowledgeItem.id == KnowledgeVersion.item_id)
    .where(KnowledgeVersion.state == ItemState.PUBLISHED)
    .order_by(KnowledgeItem.id, Passage.ordinal)
)
