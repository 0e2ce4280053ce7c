"""Questions that were answered from a passage are remembered with it, and help those who ask alike."""

from __future__ import annotations

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional
from knowledge_base.likeness import likeness
from knowledge_base.models import AskedQuestion, KnowledgeItem, KnowledgeVersion, Passage, SearchLog
from knowledge_base.models.revision import next_revision
from knowledge_base.models.wording import OPENING

SHORTEST, LONGEST = 4, 120
"""Characters: shorter ones are words that any passage may answer, longer ones are letters."""
ITEMS_AT_ONCE = 500
LAST_ORDINAL = 2**31 - 1
"""What the database can hold; more comes from nobody's page."""
STILL_THE_SAME = 0.3
"""Likeness of a passage to what it was before, among those alone that had no such beginning yet."""


def remember_answered(item_id: int, number: int, ordinal: int | None, search_id: int | None) -> None:
    """Within the caller's transaction: passage `ordinal` of the item's version `number` answered a search."""
    if ordinal is None or search_id is None or ordinal > LAST_ORDINAL:
        return
    question = db.session.scalar(select(SearchLog.query).where(SearchLog.id == search_id))
    if question is None or not SHORTEST <= len(question) <= LONGEST:
        return
    opening = db.session.scalar(
        select(func.left(Passage.text, OPENING))
        .join(KnowledgeVersion)
        .where(
            KnowledgeVersion.item_id == item_id,
            KnowledgeVersion.number == number,
            KnowledgeVersion.published_at.is_not(None),
            Passage.ordinal == ordinal,
        )
    )
    if opening is None:
        return
    row = insert(AskedQuestion).values(
        item_id=item_id, opening=opening, question=question, times=1, last_at=clock.now(), in_index=False
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["item_id", "opening", "question"],
            set_={"times": AskedQuestion.times + 1, "last_at": row.excluded.last_at},
        )
    )


def hand_on_questions(version: KnowledgeVersion) -> None:
    """Within the caller's transaction: a passage whose first words were changed keeps the questions it has answered.

    Its old words keep them too: an earlier version may hold still, or come back.
    """
    asked = set(
        db.session.scalars(select(AskedQuestion.opening).where(AskedQuestion.item_id == version.item_id))
    )
    now = {text[:OPENING]: text for text in _texts_of(version.item_id, version.number)}
    changed = {
        text[:OPENING]: text
        for text in _texts_of(version.item_id, before=version.number)
        if text[:OPENING] in asked and text[:OPENING] not in now
    }
    if not changed:
        return
    held = {text[:OPENING] for text in _texts_of(version.item_id, before=version.number)}
    fresh = {opening: text for opening, text in now.items() if opening not in held}
    for opening, text in changed.items():
        nearest = max(fresh, key=lambda new: likeness(text, fresh[new]), default=None)
        if nearest is None or likeness(text, fresh[nearest]) < STILL_THE_SAME:
            continue
        columns = ("item_id", "question", "times", "last_at", "in_index")
        rows = select(literal(nearest), *(getattr(AskedQuestion, name) for name in columns)).where(
            AskedQuestion.item_id == version.item_id, AskedQuestion.opening == opening
        )
        db.session.execute(
            insert(AskedQuestion).from_select(["opening", *columns], rows).on_conflict_do_nothing()
        )


def _texts_of(item_id: int, number: int | None = None, before: int | None = None) -> list[str]:
    """The passages of the version `number`, or of the published ones `before` it, the latest last."""
    texts = (
        select(Passage.text)
        .join(KnowledgeVersion)
        .where(KnowledgeVersion.item_id == item_id, KnowledgeVersion.published_at.is_not(None))
        .order_by(KnowledgeVersion.number, Passage.ordinal)
    )
    if number is not None:
        texts = texts.where(KnowledgeVersion.number == number)
    if before is not None:
        texts = texts.where(KnowledgeVersion.number < before)
    return list(db.session.scalars(texts))


@periodic("*/10 * * * *", "knowledge.take_in_questions")
@transactional
def take_in_questions() -> int:
    """Have search take in the items with new questions; how many.

    Not with each use: a use would then cost every machine a change of its index.
    """
    waiting = select(AskedQuestion.item_id).where(~AskedQuestion.in_index).distinct().limit(ITEMS_AT_ONCE)
    items = list(db.session.scalars(waiting))
    if items:
        db.session.execute(
            update(KnowledgeItem).where(KnowledgeItem.id.in_(items)).values(revision=next_revision())
        )
        db.session.execute(
            update(AskedQuestion).where(AskedQuestion.item_id.in_(items)).values(in_index=True)
        )
    return len(items)
