"""Remember searches and uses: what the knowledge monitor counts, and what ranking may learn from."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from accounts.models import Department, Person
from config import clock
from config.extensions import db
from config.transaction import after_commit, transactional
from knowledge_base.models import KnowledgeItem, KnowledgeUse, KnowledgeVersion, SearchLog, in_force_on
from knowledge_base.services.asking import remember_answered
from knowledge_base.signals import knowledge_used
from knowledge_base.words import ItemState, SearchOrigin, UseKind

STILL_TYPING = timedelta(seconds=20)


@transactional
def record_search(person: Person, query: str, origin: SearchOrigin, hits: int) -> int:
    """Log a search and return its id. Letters added to or taken from the search before are the same search."""
    words = " ".join(query.replace("\x00", "").split())[:200]
    at = clock.now()
    last = db.session.scalar(
        select(SearchLog).where(SearchLog.person_id == person.id).order_by(SearchLog.id.desc()).limit(1)
    )
    if (
        last is not None
        and last.origin is origin
        and at - last.at < STILL_TYPING
        and _continues(last.query, words)
    ):
        last.at, last.query, last.hits = at, words, hits
        return last.id
    row = SearchLog(at=at, person_id=person.id, origin=origin, query=words, hits=hits)
    db.session.add(row)
    db.session.flush()
    return row.id


def _continues(before: str, now: str) -> bool:
    return before.startswith(now) or now.startswith(before)


@transactional
def record_entry_use(
    person: Person,
    office: Department,
    kind: UseKind,
    *,
    search_id: int | None = None,
    rank: int | None = None,
    subject: str = "",
) -> KnowledgeUse:
    """Somebody opened, copied or quoted the directory's entry of `office`."""
    found_by = own_search(person, search_id)
    if kind is UseKind.OPENED and found_by:
        opened = (KnowledgeUse.search_id == found_by, KnowledgeUse.kind == UseKind.OPENED)
        before = select(KnowledgeUse).where(*opened, KnowledgeUse.department_id == office.id).limit(1)
        if (known := db.session.scalar(before)) is not None:
            return known
    use = KnowledgeUse(
        at=clock.now(),
        department_id=office.id,
        version_number=0,
        person_id=person.id,
        kind=kind,
        search_id=found_by,
        rank=_rank(rank),
        subject=_subject(subject),
    )
    db.session.add(use)
    return use


def _rank(rank: int | None) -> int | None:
    return rank if rank is not None and 0 < rank < 1000 else None


def _subject(subject: str) -> str:
    return subject.replace("\x00", "")[:64]


@transactional
def record_use(
    person: Person,
    item: KnowledgeItem,
    kind: UseKind,
    *,
    search_id: int | None = None,
    rank: int | None = None,
    passage: int | None = None,
    subject: str = "",
) -> KnowledgeUse:
    """Somebody opened, copied or quoted the item's `passage`; `subject` names the case or call, `case:…`.

    Opened twice from one list of hits is opened once: a page loaded anew is no new use.
    """
    published = db.session.scalar(
        select(KnowledgeVersion.number)
        .where(KnowledgeVersion.item_id == item.id)
        .order_by(
            in_force_on(clock.today()).desc(),
            (KnowledgeVersion.state == ItemState.PUBLISHED).desc(),
            KnowledgeVersion.number.desc(),
        )
        .limit(1)
    )
    found_by = own_search(person, search_id)
    if kind is UseKind.OPENED and found_by and (before := _opened(found_by, item)):
        return before
    use = KnowledgeUse(
        at=clock.now(),
        item_id=item.id,
        version_number=published or 1,
        person_id=person.id,
        kind=kind,
        search_id=found_by,
        rank=_rank(rank),
        subject=_subject(subject),
    )
    db.session.add(use)
    if kind is not UseKind.OPENED:
        counted = update(KnowledgeItem).where(KnowledgeItem.id == item.id)
        db.session.execute(counted.values(used_count=KnowledgeItem.used_count + 1))
        remember_answered(item.id, passage, found_by)
    after_commit(knowledge_used.send, item.id, person_id=person.id, kind=kind, subject=use.subject)
    return use


def own_search(person: Person, search_id: int | None) -> int | None:
    """The search, if it is one of this person's own: the number came from a page."""
    return db.session.scalar(
        select(SearchLog.id).where(SearchLog.id == _key(search_id), SearchLog.person_id == person.id)
    )


def _opened(search_id: int, item: KnowledgeItem) -> KnowledgeUse | None:
    return db.session.scalar(
        select(KnowledgeUse)
        .where(
            KnowledgeUse.search_id == search_id,
            KnowledgeUse.item_id == item.id,
            KnowledgeUse.kind == UseKind.OPENED,
        )
        .limit(1)
    )


def _key(number: int | None) -> int:
    """A number that came from a page, as a key; what cannot be one is nobody's."""
    return number if number is not None and 0 < number < 2**63 else 0
