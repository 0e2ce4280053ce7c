"""Writing: a first draft, its corrections, and a revision of what is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts import audit
from accounts.models import Department, Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid
from config.extensions import db
from config.settings import settings
from config.transaction import transactional
from knowledge_base import verbs
from knowledge_base.likeness import Marks, marks
from knowledge_base.models import KnowledgeAttachment, KnowledgeItem, KnowledgeVersion
from knowledge_base.services.perform import Deed, effect, lock, perform, remember, working_version
from knowledge_base.words import Audience, ItemKind, ItemState
from knowledge_base.workflow import ItemAction

LONGEST_BODY = 500_000
"""Characters; a whole civil code has 110,000."""


@dataclass(frozen=True)
class ItemText:
    """What a person writes. `synonyms` are other words and whole questions by which citizens ask for it."""

    kind: ItemKind
    title: str
    body: str
    effective_on: date | None = None
    expires_on: date | None = None
    source: str = ""
    document_no: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    region: str = ""
    audience: Audience = Audience.EVERYONE
    public: bool = False
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    change_note: str = ""


@transactional
def draft_item(
    person: Person,
    text: ItemText,
    department: Department | None = None,
    import_id: int | None = None,
    *,
    review_months: int | None = None,
) -> KnowledgeItem:
    """Begin an item on the shelf of `department` (default: the person's own). Invalid, NotPermitted."""
    [version] = draft_items(person, [(text, None)], department, import_id, review_months=review_months)
    db.session.flush()
    return version.item


def draft_items(
    person: Person,
    texts: Sequence[tuple[ItemText, Marks | None]],
    department: Department | None = None,
    import_id: int | None = None,
    *,
    review_months: int | None = None,
) -> list[KnowledgeVersion]:
    """Begin many items within the caller's transaction, which flushes: so hundreds are written by a few statements.

    Marks are those of the text, where they are known already. Invalid, NotPermitted: for all of them.
    """
    shelf = department or person.department
    if shelf is None:
        raise Invalid(fields={"department": _("Say on whose shelf it stands.")})
    ensure(person, "knowledge:write")
    begun = []
    for key, (text, known) in zip(_new_keys(len(texts)), texts, strict=True):
        item = KnowledgeItem(
            id=key,
            item_no=f"K{key:06d}",
            department_id=shelf.id,
            owner_id=person.id,
            created_at=clock.now(),
            review_every_months=review_months or settings().review_months,
        )
        item.department = shelf
        ensure(person, "knowledge:edit", item)
        begun.append(_begin(item, checked(text), person, 1, import_id, known))
    return begun


def _new_keys(count: int) -> Iterable[int]:
    """Numbers for items to come: what people call an item is made of its key."""
    sequence = func.pg_get_serial_sequence(KnowledgeItem.__tablename__, "id")
    with db.session.no_autoflush:
        return list(
            db.session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count)))
        )


@transactional
def follow_item(
    person: Person, item: KnowledgeItem, text: ItemText, import_id: int | None = None
) -> KnowledgeItem:
    """Begin a text of the same document for another time, beside those there are. Conflict while one is in work."""
    locked = lock(item.id)
    ensure(person, "knowledge:edit", locked)
    if (busy := working_version(locked)) is not None:
        raise Conflict(
            _(
                "%(no)s: %(who)s has been working on a version of it since %(when)s.",
                no=locked.item_no,
                who=busy.written_by.name,
                when=clock.local(busy.written_at).strftime("%Y-%m-%d %H:%M"),
            ),
            by=busy.written_by.name,
        )
    follows_public = select(KnowledgeVersion.id).where(
        KnowledgeVersion.item_id == locked.id,
        KnowledgeVersion.state == ItemState.PUBLISHED,
        KnowledgeVersion.public,
    )
    if db.session.scalar(follows_public.limit(1)) and may_be_public(text):
        text = replace(
            text, public=True
        )  # a file says nothing of it, and the page should not go with the next law
    _begin(locked, checked(text), person, _next_number(locked), import_id)
    db.session.flush()
    return locked


def _begin(
    item: KnowledgeItem,
    text: ItemText,
    person: Person,
    number: int,
    import_id: int | None,
    known: Marks | None = None,
) -> KnowledgeVersion:
    version = KnowledgeVersion(item_id=item.id, number=number, state=ItemState.DRAFT)
    version.item = item
    _write(version, text, person, known)
    db.session.add(version)
    remember(item, version, "draft", person, import_id=import_id)
    audit.record(verbs.DRAFT, person, ("knowledge", item.id), {"item_no": item.item_no, "version": number})
    return version


def _next_number(item: KnowledgeItem) -> int:
    highest = select(func.max(KnowledgeVersion.number)).where(KnowledgeVersion.item_id == item.id)
    return (db.session.scalar(highest) or 0) + 1


def edit_item(
    person: Person,
    item: KnowledgeItem,
    text: ItemText,
    edit_no: int | None = None,
    review_months: int | None = None,
) -> KnowledgeItem:
    """Change the draft. `edit_no`: of the text the person had before them; Conflict if it has changed since.

    `review_months` is the item's review cycle, if it is to be another.
    """
    data = {"text": checked(text), "review_months": review_months}
    return perform(person, item, ItemAction.EDIT, data, edit_no)


def revise_item(person: Person, item: KnowledgeItem, number: int | None = None) -> KnowledgeItem:
    """Begin a revision: a draft with the text of version `number` (the newest), which holds until it is approved.

    Today's text can be revised so while one for a later day is published already: the later one keeps its time.
    """
    return perform(person, item, ItemAction.REVISE, number=number)


@effect(ItemAction.EDIT)
def _edit(deed: Deed) -> None:
    before = text_of(deed.version)
    _write(deed.version, deed.data["text"], deed.person)
    deed.version.doubts = [
        doubt.value
        for doubt in deed.version.doubtful
        if getattr(before, doubt.field) == getattr(deed.version, doubt.field)
    ]
    if months := deed.data.get("review_months"):
        deed.item.review_every_months = months


@effect(ItemAction.REVISE)
def _revise(deed: Deed) -> None:
    old = deed.version
    new = KnowledgeVersion(item_id=deed.item.id, number=_next_number(deed.item), state=ItemState.DRAFT)
    new.item, new.begun_from_id = deed.item, old.id
    _write(new, replace(text_of(old), change_note=""), deed.person)
    db.session.add(new)
    db.session.flush()
    kept = select(KnowledgeAttachment).where(KnowledgeAttachment.version_id == old.id)
    for attachment in db.session.scalars(kept):
        db.session.add(KnowledgeAttachment(version_id=new.id, file_id=attachment.file_id))


def text_of(version: KnowledgeVersion) -> ItemText:
    """The words of a version; its end is the one it states itself, not the one a later version gave it."""
    values: dict[str, Any] = {}
    for f in fields(ItemText):
        value = getattr(version, f.name)
        values[f.name] = tuple(value) if isinstance(value, list) else value
    return ItemText(**{**values, "expires_on": version.stated_expires_on})


def _write(version: KnowledgeVersion, text: ItemText, person: Person, known: Marks | None = None) -> None:
    for f in fields(ItemText):
        value = getattr(text, f.name)
        setattr(version, f.name, list(value) if isinstance(value, tuple) else value)
    version.effective_on = text.effective_on or clock.today()
    version.stated_expires_on = text.expires_on
    made = known or marks(text.title, text.body)
    version.title_key, version.fingerprint, version.sketch = made.title_key, made.fingerprint, made.sketch
    version.written_by_id, version.written_at = person.id, clock.now()
    version.writer_ids = sorted({*(version.writer_ids or ()), person.id})
    version.edit_no = (version.edit_no or 0) + 1


def may_be_public(text: ItemText) -> bool:
    """Scripts, and what is for staff only, stand on no public page."""
    return text.audience is not Audience.STAFF and text.kind is not ItemKind.SCRIPT


def checked(text: ItemText) -> ItemText:
    """`text` tidied; Invalid names every field that is wrong."""
    tidy = replace(
        text,
        title=" ".join(text.title.replace("\x00", "").split()),
        body=text.body.replace("\x00", "").replace("\r\n", "\n").strip(),
        effective_on=text.effective_on or clock.today(),
        categories=_words(text.categories),
        tags=_words(text.tags),
        synonyms=_words(text.synonyms),
    )
    wrong: dict[str, str] = {}
    if not tidy.title:
        wrong["title"] = _("Give it a title.")
    elif len(tidy.title) > 200:
        wrong["title"] = _("At most %(n)s characters.", n=200)
    if not tidy.body:
        wrong["body"] = _("Write what it says.")
    elif len(tidy.body) > LONGEST_BODY:
        wrong["body"] = _("At most %(n)s characters.", n=LONGEST_BODY)
    for name, most in (
        ("source", 200),
        ("document_no", 80),
        ("region", 80),
        ("issued_by", 120),
        ("change_note", 200),
    ):
        if len(getattr(tidy, name)) > most:
            wrong[name] = _("At most %(n)s characters.", n=most)
    for name, most in (("categories", 32), ("tags", 40), ("synonyms", 120)):
        if any(len(word) > most for word in getattr(tidy, name)):
            wrong[name] = _("At most %(n)s characters each.", n=most)
    if tidy.public and not may_be_public(tidy):
        wrong["public"] = _("What is for staff only cannot stand on a public page.")
    if tidy.expires_on and tidy.effective_on and tidy.expires_on < tidy.effective_on:
        wrong["expires_on"] = _("It cannot end before it begins.")
    if wrong:
        raise Invalid(fields=wrong)
    return tidy


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for raw in words if (word := " ".join(raw.replace("\x00", "").split()))))
