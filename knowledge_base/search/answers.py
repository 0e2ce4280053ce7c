"""From found passages to what a person is shown. The database has the last word on every hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from config import clock
from config.extensions import db
from knowledge_base.models import KnowledgeVersion, Passage, in_force_on
from knowledge_base.search.engine import Filters, Found
from knowledge_base.search.follower import Follower
from knowledge_base.search.highlight import mark_all, snippet
from knowledge_base.search.question import Question, understand
from knowledge_base.words import Audience, ItemKind

SPARE = 4
"""Asked of the index beyond the limit, for what was retired in the second since it was brought up to date."""


@dataclass(frozen=True)
class Hit:
    """An item that answers, by the passage that answers best."""

    item_id: int
    item_no: str
    title: str
    title_html: Markup
    snippet_html: Markup
    heading: str
    score: float
    kind: ItemKind
    department: str
    audience: Audience
    passage: int
    answer: str
    source: str
    effective_on: date
    expires_on: date | None


def answers(follower: Follower, query: str, limit: int, filters: Filters | None = None) -> list[Hit]:
    """The items valid today (or on `filters.on`) that answer `query`, best first; none for an empty question."""
    reader = follower.reader()
    wanted = filters or Filters(on=clock.today())
    try:
        question = understand(query, reader)
        found = reader.find(question.terms, limit + SPARE, wanted) if question.terms else []
    except Exception as error:  # files that broke under an open reader: whatever Whoosh trips over
        reader = follower.found_damaged(error)
        question = understand(query, reader)
        found = reader.find(question.terms, limit + SPARE, wanted) if question.terms else []
    return _shown(found, question, wanted.on)[:limit]


def _shown(found: Sequence[Found], question: Question, day: date) -> list[Hit]:
    if not found:
        return []
    rows = db.session.execute(
        select(Passage, KnowledgeVersion)
        .join(KnowledgeVersion, KnowledgeVersion.id == Passage.version_id)
        .where(Passage.id.in_([hit.passage_id for hit in found]), in_force_on(day))
        .options(joinedload(KnowledgeVersion.item), defer(KnowledgeVersion.body))
    )
    known = {passage.id: (passage, version) for passage, version in rows}
    return [_hit(hit, *known[hit.passage_id], question) for hit in found if hit.passage_id in known]


def _hit(found: Found, passage: Passage, version: KnowledgeVersion, question: Question) -> Hit:
    item = version.item
    return Hit(
        item_id=item.id,
        item_no=item.item_no,
        title=version.title,
        title_html=mark_all(version.title, question.marks),
        snippet_html=snippet(passage.text, question.marks),
        heading=passage.heading,
        score=round(found.score, 3),
        kind=version.kind,
        department=str(item.department),
        audience=version.audience,
        passage=passage.ordinal,
        answer=passage.text,
        source=version.cited_as,
        effective_on=version.effective_on,
        expires_on=version.expires_on,
    )
