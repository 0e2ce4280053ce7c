"""Questions that were answered from a passage are remembered with it, and help those who ask alike."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional
from knowledge_base.models import AskedQuestion, KnowledgeItem, KnowledgeVersion, Passage, SearchLog
from knowledge_base.models.revision import next_revision
from knowledge_base.models.wording import OPENING
from knowledge_base.words import ItemState

SHORTEST, LONGEST = 4, 120
"""Characters: shorter ones are words that any passage may answer, longer ones are letters."""
ITEMS_AT_ONCE = 500


def remember_answered(item_id: int, ordinal: int | None, search_id: int | None) -> None:
    """Within the caller's transaction: the search `search_id` was answered by the item's passage `ordinal`."""
    if ordinal is None or search_id is None:
        return
    question = db.session.scalar(select(SearchLog.query).where(SearchLog.id == search_id))
    if question is None or not SHORTEST <= len(question) <= LONGEST:
        return
    opening = db.session.scalar(
        select(func.left(Passage.text, OPENING))
        .join(KnowledgeVersion)
        .where(
            KnowledgeVersion.item_id == item_id,
            KnowledgeVersion.state == ItemState.PUBLISHED,
            Passage.ordinal == ordinal,
        )
        .order_by(KnowledgeVersion.number.desc())
        .limit(1)
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
