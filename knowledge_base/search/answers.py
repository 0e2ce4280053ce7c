"""From found passages to what a person is shown. The database has the last word on every hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import BigInteger, ColumnElement, Date, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from accounts.models import Department
from config import clock
from config.extensions import db
from knowledge_base.models import KnowledgeItem, KnowledgeVersion, Passage, in_force_on
from knowledge_base.search import entries
from knowledge_base.search.closeness import Candidate, Ranked, Wanted, closest, folded, rank
from knowledge_base.search.engine import Filters, Found, Reader, everywhere
from knowledge_base.search.feed import asked_of
from knowledge_base.search.follower import Follower
from knowledge_base.search.highlight import mark_all, snippet
from knowledge_base.search.lexicon import Lexicon
from knowledge_base.search.meaning import Meanings, meaning_of
from knowledge_base.search.question import Question, understand
from knowledge_base.search.thesaurus import Thesaurus
from knowledge_base.words import NATION, Audience, ItemKind

CANDIDATES = 60
"""Passages an engine hands over, and as many that mean nearly the same: of the tuning questions about laws, .84 have
their answer among the first, .91 among both."""
LOCAL = 20
"""More of those that are no law of the nation: of 30,000 passages only some hundred are the place's own."""
ALIKE = 0.37
"""Likeness of what may be found by its meaning alone. Something is always nearest, and is no answer for that: of the
tuning questions about laws whose answer no word finds, .98 have it above this."""
WORTH_COUNTING = 0.5
"""Of the best score: what is below it shares a word with the question and is no answer to count."""


@dataclass(frozen=True)
class Hit:
    """A passage that answers, with what is known of its item. `parts` are what its score is made of.

    `office` is the code of a department whose entry in the directory this is; empty for passages of items.
    """

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
    region: str
    passage: int
    answer: str
    source: str
    effective_on: date
    expires_on: date | None
    version: int
    office: str = ""
    public: bool = False
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """`facets` count items by kind, department (id), audience and region; `suggestion` is what was perhaps meant."""

    question: Question
    hits: list[Hit]
    facets: dict[str, Counter[Any]]
    suggestion: str = ""


def answers(
    follower: Follower, thesaurus: Thesaurus, query: str, limit: int, filters: Filters | None = None
) -> Answer:
    """What is valid today (or on `filters.on`) and answers `query`, best first; nothing for an empty question."""
    wanted = filters or Filters(on=clock.today())
    reader, lexicon = follower.reader(), follower.lexicon()
    try:
        question, found, weighed = _looked_for(query, reader, lexicon, thesaurus, wanted)
    except Exception as error:  # files that broke under an open reader: whatever the engine trips over
        reader = follower.found_damaged(error)
        question, found, weighed = _looked_for(query, reader, follower.lexicon(), thesaurus, wanted)
    found, like = _by_meaning(found, question, follower.meanings())
    rows = _rows(found, wanted)
    if (
        not wanted.public
    ):  # as they are today, whatever the day: what a department did on another is not known
        rows |= entries.rows((one.passage_id for one in found if one.passage_id < 0), wanted.on)
    candidates = [_candidate(one, rows[one.passage_id], like) for one in found if one.passage_id in rows]
    ranked = rank(candidates, weighed)
    ranked = _told_apart(ranked)
    shown = [_hit(one, rows[one.candidate.passage_id], question, weighed) for one in ranked[:limit]]
    return Answer(question, shown, _facets(ranked, rows), question.suggestion)


def _looked_for(
    query: str, reader: Reader, lexicon: Lexicon, thesaurus: Thesaurus, filters: Filters
) -> tuple[Question, list[Found], Wanted]:
    question = understand(query, reader, thesaurus, lexicon)
    if not question.terms:
        return question, [], Wanted({}, {}, ())
    return question, reader.find(question.terms, CANDIDATES, filters, LOCAL), question.wanted(reader)


def _by_meaning(
    found: list[Found], question: Question, meanings: Meanings
) -> tuple[list[Found], dict[int, float]]:
    """With those that mean nearly the same; and how nearly each does, where that is known."""
    meant = meaning_of(question.text) if question.terms else None
    if meant is None:
        return found, {}
    known = {one.passage_id for one in found}
    more = [one for one in meanings.nearest(meant, CANDIDATES) if one.passage_id not in known]
    like = meanings.likeness(meant, [one.passage_id for one in (*found, *more)])
    return [*found, *(one for one in more if like[one.passage_id] >= ALIKE)], like


def _rows(found: Sequence[Found], filters: Filters) -> dict[int, Any]:
    """What is shown of each passage that passes the filters, in one statement of bare columns."""
    if not found:
        return {}
    filtered: list[ColumnElement[bool]] = [
        column.in_(allowed)
        for column, allowed in (
            (_AMONG.kind, filters.kinds),
            (_AMONG.department_id, filters.departments),
            (_AMONG.audience, filters.audiences),
            (_AMONG.region, everywhere(filters.regions)),
        )
        if allowed
    ]
    if filters.public:
        filtered.append(_AMONG.public)
    rows: Any = db.session.execute(
        _IN_FORCE.where(*filtered) if filtered else _IN_FORCE,
        {"found": [one.passage_id for one in found if one.passage_id > 0], "day": filters.on},
    )
    return {row.passage_id: row for row in rows}


_AMONG = (
    select(
        Passage.id.label("passage_id"),
        Passage.ordinal,
        Passage.heading,
        Passage.text,
        KnowledgeItem.id.label("item_id"),
        KnowledgeItem.item_no,
        KnowledgeItem.department_id,
        KnowledgeVersion.number,
        KnowledgeVersion.state,
        KnowledgeVersion.title,
        KnowledgeVersion.kind,
        KnowledgeVersion.audience,
        KnowledgeVersion.region,
        KnowledgeVersion.public,
        KnowledgeVersion.source,
        KnowledgeVersion.document_no,
        KnowledgeVersion.effective_on,
        KnowledgeVersion.expires_on,
        Department.name.label("department"),
        Department.short_name,
        asked_of().label("asked"),
    )
    .join(KnowledgeVersion, KnowledgeVersion.id == Passage.version_id)
    .join(KnowledgeItem, KnowledgeItem.id == KnowledgeVersion.item_id)
    .join(Department, Department.id == KnowledgeItem.department_id)
    .where(Passage.id == any_(bindparam("found", type_=ARRAY(BigInteger))))
    .cte("among")
    .prefix_with("MATERIALIZED")
    .c
)
"""Looked up by keys alone. After a large import the database may for a minute have no statistics of it, and then takes
hardly any version to be in force: it would begin with those, all of them, and look each up among the found."""
_IN_FORCE = select(*_AMONG).where(in_force_on(bindparam("day", type_=Date), _AMONG))
"""One text whatever was found: composing, sending and planning another each time took longer than the rows."""


def _candidate(found: Found, row: Any, like: Mapping[int, float]) -> Candidate:
    return Candidate(
        passage_id=found.passage_id,
        item_id=row.item_id,
        ordinal=row.ordinal,
        title=row.title,
        heading=row.heading,
        document_no=row.document_no,
        text=row.text,
        score=found.score,
        asked=tuple(row.asked or ()),
        local=row.region != NATION,
        meaning=like.get(found.passage_id),
    )


def _told_apart(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The same words under the same title are shown once, whichever item they stand in."""
    seen: dict[tuple[str, str], Ranked] = {}
    for one in ranked:
        seen.setdefault((one.candidate.title, one.candidate.text), one)
    return list(seen.values())


def _facets(ranked: Sequence[Ranked], rows: dict[int, Any]) -> dict[str, Counter[Any]]:
    worth = [one for one in ranked if one.score >= WORTH_COUNTING * ranked[0].score]
    items = {one.candidate.item_id: rows[one.candidate.passage_id] for one in reversed(worth)}.values()
    return {
        name: Counter(value for row in items if (value := getattr(row, name)))
        for name in ("kind", "department_id", "audience", "region")
    }


def _hit(ranked: Ranked, row: Any, question: Question, wanted: Wanted) -> Hit:
    text = folded(row.text)
    _weight, best = closest(text, {**wanted.meant, **wanted.typed})
    department = row.short_name or row.department
    cited = " ".join(part for part in (row.source, row.document_no) if part)
    return Hit(
        item_id=row.item_id,
        item_no=row.item_no,
        title=row.title,
        title_html=mark_all(row.title, question.marks),
        snippet_html=snippet(row.text, question.marks, at=_answer_at(text, best, wanted)),
        heading=row.heading,
        score=round(ranked.score, 3),
        kind=row.kind,
        department=department,
        audience=row.audience,
        region=row.region,
        passage=row.ordinal,
        answer=row.text,
        source=cited or f"{department} · {row.title}",
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        version=row.number,
        public=row.public,
        office=row.item_no if row.item_id < 0 else "",
        parts=ranked.parts,
    )


def _answer_at(text: str, best: int, wanted: Wanted) -> int:
    """Where the snippet is looked for: at the words asked with, or just after them where what was asked for stands."""
    near = text[best : best + 200]
    answers = [match.start() for intent in wanted.intents if (match := intent.answers.search(near))]
    return best + max(0, min(answers, default=0) - 60)
