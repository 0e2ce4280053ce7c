"""Remember searches and uses: what the knowledge monitor counts, what ranking may learn from, what cases tell of.

A use's subject is what it was for: `case:NUMBER`, or `intake:KEY` while the case is being typed; when that is
registered (`hand_over_uses`), the uses become the case's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from accounts.models import Department, Person
from config import clock
from config.discretion import nameless
from config.extensions import db
from config.transaction import after_commit, transactional
from knowledge_base.interfaces import Used, record_on_case
from knowledge_base.models import (
    KnowledgeItem,
    KnowledgeUse,
    KnowledgeVersion,
    Script,
    SearchLog,
    in_force_on,
)
from knowledge_base.services.asking import remember_answered
from knowledge_base.signals import knowledge_used
from knowledge_base.words import ItemState, SearchOrigin, UseKind

STILL_TYPING = timedelta(seconds=20)
CASE, INTAKE = "case:", "intake:"
MOST_VERSIONS = 2**31 - 1
"""What the database can hold as a version's number; more comes from nobody's page."""


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


@transactional
def record_public_search(query: str, hits: int) -> None:
    """Log what somebody asked the public pages: the words and the hour, and nothing of who it was."""
    words = nameless(" ".join(query.replace("\x00", "").split()))[:200]
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    db.session.add(SearchLog(at=hour, person_id=None, origin=SearchOrigin.PUBLIC, query=words, hits=hits))


def _continues(before: str, now: str) -> bool:
    return before.startswith(now) or now.startswith(before)


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
    sent_to: str = "",
    number: int | None = None,
) -> KnowledgeUse:
    """Somebody opened, copied, quoted or sent the item's `passage`, of version `number` (default: of today's).

    Opened twice from one list of hits is opened once: a page loaded anew is no new use.
    """
    version = _read_version(item, number) or shown_version(item)
    use = KnowledgeUse(item_id=item.id, version_number=version.number if version else 1, sent_to=sent_to)
    told = Used(kind, item.item_no, version.title if version else "", sent_to)
    use, is_new = _record(person, use, told, search_id, rank, subject)
    if is_new and kind is not UseKind.OPENED:
        counted = update(KnowledgeItem).where(KnowledgeItem.id == item.id)
        db.session.execute(counted.values(used_count=KnowledgeItem.used_count + 1))
        remember_answered(item.id, use.version_number, passage, use.search_id)
    if is_new:
        after_commit(knowledge_used.send, item.id, person_id=person.id, kind=kind, subject=use.subject)
    return use


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
    use = KnowledgeUse(department_id=office.id, version_number=0, sent_to="")
    told = Used(kind, office.code, office.name)
    return _record(person, use, told, search_id, rank, subject)[0]


@transactional
def record_script_use(person: Person, script: Script, kind: UseKind, *, subject: str = "") -> KnowledgeUse:
    """Somebody took the words of a script."""
    use = KnowledgeUse(script_id=script.id, version_number=0, sent_to="")
    return _record(person, use, Used(kind, "", script.title), None, None, subject)[0]


@transactional
def hand_over_uses(person: Person, intake_key: str, case_no: str) -> int:
    """What `person` used while they typed the case is used for the case from now on. How many."""
    waiting = select(KnowledgeUse).where(
        KnowledgeUse.subject == f"{INTAKE}{intake_key}"[:64], KnowledgeUse.person_id == person.id
    )
    uses = list(db.session.scalars(waiting.order_by(KnowledgeUse.id)))
    for use in uses:
        if record_on_case(person, case_no, _told_of(use)):
            use.subject = f"{CASE}{case_no}"
    return len(uses)


def _record(
    person: Person, use: KnowledgeUse, told: Used, search_id: int | None, rank: int | None, subject: str
) -> tuple[KnowledgeUse, bool]:
    """The use as it is kept, and whether it is a new one."""
    use.kind, use.search_id = told.kind, own_search(person, search_id)
    if told.kind is UseKind.OPENED and use.search_id and (before := _opened(use)):
        return before, False
    use.at, use.person_id = clock.now(), person.id
    use.rank = rank if rank is not None and 0 < rank < 1000 else None
    use.subject = _subject(person, subject.replace("\x00", "")[:64], told)
    db.session.add(use)
    db.session.flush()
    return use, True


def _subject(person: Person, subject: str, told: Used) -> str:
    """What the page said, if it may be said: a case has to be one of theirs, and is told of it."""
    if subject.startswith(CASE):
        return subject if record_on_case(person, subject.removeprefix(CASE), told) else ""
    return subject if subject.startswith(INTAKE) else ""


def _told_of(use: KnowledgeUse) -> Used:
    if use.item_id is not None:
        item = db.session.get_one(KnowledgeItem, use.item_id)
        title = db.session.scalar(
            select(KnowledgeVersion.title).where(
                KnowledgeVersion.item_id == item.id, KnowledgeVersion.number == use.version_number
            )
        )
        return Used(use.kind, item.item_no, title or "", use.sent_to)
    if use.department_id is not None:
        office = db.session.get_one(Department, use.department_id)
        return Used(use.kind, office.code, office.name)
    return Used(use.kind, "", db.session.get_one(Script, use.script_id).title)


def holds_still(item: KnowledgeItem, number: int) -> bool:
    """Whether what somebody has on their screen, version `number`, is what holds today."""
    holding = select(KnowledgeVersion.number).where(
        KnowledgeVersion.item_id == item.id, in_force_on(clock.today())
    )
    return db.session.scalar(holding.limit(1)) == number


def _read_version(item: KnowledgeItem, number: int | None) -> Any:
    """The version that somebody had before them, which may have been replaced since."""
    if number is None or number > MOST_VERSIONS:
        return None
    columns: tuple[Any, ...] = (KnowledgeVersion.number, KnowledgeVersion.title)
    wanted = select(*columns).where(
        KnowledgeVersion.item_id == item.id,
        KnowledgeVersion.number == number,
        KnowledgeVersion.published_at.is_not(None),
    )
    return db.session.execute(wanted).first()


def shown_version(item: KnowledgeItem) -> Any:
    """The number and title of the text that readers see today."""
    columns: tuple[Any, ...] = (KnowledgeVersion.number, KnowledgeVersion.title)
    wanted = select(*columns).where(KnowledgeVersion.item_id == item.id)
    return db.session.execute(
        wanted.order_by(
            in_force_on(clock.today()).desc(),
            (KnowledgeVersion.state == ItemState.PUBLISHED).desc(),
            KnowledgeVersion.number.desc(),
        ).limit(1)
    ).first()


def own_search(person: Person, search_id: int | None) -> int | None:
    """The search, if it is one of this person's own: the number came from a page."""
    return db.session.scalar(
        select(SearchLog.id).where(SearchLog.id == _key(search_id), SearchLog.person_id == person.id)
    )


def _opened(use: KnowledgeUse) -> KnowledgeUse | None:
    """The same thing, opened from the same list of hits."""
    same = (
        KnowledgeUse.item_id == use.item_id
        if use.item_id is not None
        else KnowledgeUse.department_id == use.department_id
    )
    known = select(KnowledgeUse).where(
        KnowledgeUse.search_id == use.search_id, same, KnowledgeUse.kind == UseKind.OPENED
    )
    return db.session.scalar(known.limit(1))


def _key(number: int | None) -> int:
    """A number that came from a page, as a key; what cannot be one is nobody's."""
    return number if number is not None and 0 < number < 2**63 else 0
