"""Entries of the department directory, as search takes and shows them.

An index holds an entry as a document of one passage whose numbers are the department's with a minus before them: no
item and no passage has such numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import undefer

from accounts.models import Department
from config.extensions import db
from config.settings import settings
from knowledge_base.models import DirectoryEntry
from knowledge_base.search.engine import PassageDocument
from knowledge_base.words import Audience, ItemKind


@dataclass(frozen=True)
class EntryRow:
    """An entry with the names that rows of passages have."""

    passage_id: int
    item_id: int
    item_no: str
    department_id: int
    title: str
    heading: str
    text: str
    department: str
    short_name: str
    effective_on: date
    ordinal: int = 1
    number: int = 0
    kind: ItemKind = ItemKind.DUTIES
    audience: Audience = Audience.EVERYONE
    region: str = ""
    public: bool = False
    source: str = ""
    document_no: str = ""
    expires_on: date | None = None
    asked: Sequence[str] = ()


def says_something() -> ColumnElement[bool]:
    """The department is there, and the directory knows more of it than its name."""
    return Department.active & or_(
        func.jsonb_array_length(Department.contacts) > 0,
        func.cardinality(Department.former_numbers) > 0,
        Department.duties != "",
        Department.address != "",
        Department.hours != "",
    )


def changed_since(number: int) -> list[int]:
    """Keys of the entries that an index at `number` has to look at again."""
    changed = select(DirectoryEntry.department_id).where(DirectoryEntry.revision > number)
    return [-key for key in db.session.scalars(changed.order_by(DirectoryEntry.department_id))]


def revisions_since(number: int) -> list[tuple[int, int]]:
    """The number at which each of those changed, and its key."""
    changed = select(DirectoryEntry.revision, DirectoryEntry.department_id)
    return [(row[0], -row[1]) for row in db.session.execute(changed.where(DirectoryEntry.revision > number))]


def count(since: int) -> int:
    """How many of those would be taken in."""
    counted = select(func.count()).select_from(DirectoryEntry).join(Department)
    return db.session.scalar(counted.where(DirectoryEntry.revision > since, says_something())) or 0


def documents(keys: Iterable[int]) -> list[PassageDocument]:
    """The documents of those entries that say something, in the city's language."""
    with force_locale(settings().default_language):
        return [
            PassageDocument(
                passage_id=-office.id,
                item_id=-office.id,
                kind=ItemKind.DUTIES,
                department_id=office.id,
                effective_on=date.min,
                expires_on=None,
                # People say the short name; a section has its bureau's in its own name, and must not come before it.
                title=f"{office.name} {office.short_name}",
                heading=office.short_name,
                text=entry_text(office),
                also=office.short_name,
            )
            for office in db.session.scalars(_offices(keys))
        ]


def rows(keys: Iterable[int], day: date) -> dict[int, Any]:
    """What is shown of the entries, by the key of their passage."""
    if not (wanted := list(keys)):
        return {}
    return {
        -office.id: EntryRow(
            passage_id=-office.id,
            item_id=-office.id,
            item_no=office.code,
            department_id=office.id,
            title=office.name,
            heading=office.short_name,
            text=entry_text(office),
            department=office.name,
            short_name=office.short_name,
            effective_on=day,
        )
        for office in db.session.scalars(_offices(wanted))
    }


def _offices(keys: Iterable[int]) -> Select[Any]:
    ids = [-key for key in keys]
    return (
        select(Department).where(Department.id.in_(ids), says_something()).options(undefer(Department.duties))
    )


def entry_text(office: Department) -> str:
    """The entry in words, one fact a line: what is read out on the telephone and quoted in an answer."""
    numbers = [
        " ".join(part for part in (one.get("name"), one.get("phone")) if part) for one in office.contacts
    ]
    told = (
        (_("Telephone"), "；".join(filter(None, numbers))),
        (_("Former numbers"), "、".join(office.former_numbers)),
        (_("Address"), office.address),
        (_("Opening hours"), office.hours or _hours(office)),
        (_("Duties"), "；".join(line.strip(" ；。") for line in office.duties.splitlines() if line.strip())),
    )
    return "\n".join(f"{label}：{words}" for label, words in told if words)


def _hours(office: Department) -> str:
    return next((str(one["hours"]) for one in office.contacts if one.get("hours")), "")
