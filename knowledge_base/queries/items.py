"""Reads of items and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, undefer

from accounts.models import Department, Person
from accounts.permissions import may
from accounts.roles import Role
from config import clock
from config.errors import NotFound
from config.extensions import db
from knowledge_base.models import (
    KnowledgeAttachment,
    KnowledgeCorrection,
    KnowledgeEvent,
    KnowledgeItem,
    KnowledgeRating,
    KnowledgeVersion,
    Passage,
    WordGroup,
    in_force_on,
    superseded_on,
)
from knowledge_base.permissions import DEPARTMENT_WRITERS
from knowledge_base.words import ItemState

SOON = timedelta(days=30)
"""How long before its end, or before its review is due, an item is called to its owner's attention."""


def item(item_id: int) -> KnowledgeItem:
    """The item; NotFound."""
    found = db.session.get(KnowledgeItem, item_id)
    if found is None:
        raise NotFound(_("There is no such item."))
    return found


def version_for(
    person: Person, item: KnowledgeItem, number: int | None = None, on: date | None = None
) -> KnowledgeVersion:
    """The version asked for, else the one in force on the day `on` (today), else the newest that was published.

    NotFound if this person may not read it: what was once published may be read for ever, drafts by those who work on
    the shelf.
    """
    shown = select(KnowledgeVersion).where(KnowledgeVersion.item_id == item.id)
    if number is not None and 0 < number < 2**31:
        shown = shown.where(KnowledgeVersion.number == number)
    if not may(person, "knowledge:read_unpublished", item):
        shown = shown.where(KnowledgeVersion.published_at.is_not(None))
    shown = shown.order_by(
        in_force_on(on or clock.today()).desc(),
        (KnowledgeVersion.state == ItemState.PUBLISHED).desc(),
        KnowledgeVersion.number.desc(),
    ).options(joinedload(KnowledgeVersion.written_by), joinedload(KnowledgeVersion.approved_by))
    version = db.session.scalar(shown.limit(1))
    if version is None:
        raise NotFound(_("There is no such item."))
    return version


def versions_of(item: KnowledgeItem) -> list[KnowledgeVersion]:
    """All versions, newest first, without their bodies."""
    return list(
        db.session.scalars(
            select(KnowledgeVersion)
            .where(KnowledgeVersion.item_id == item.id)
            .order_by(KnowledgeVersion.number.desc())
            .options(
                defer(KnowledgeVersion.body),
                undefer(KnowledgeVersion.has_sibling_in_work),
                joinedload(KnowledgeVersion.written_by),
            )
        )
    )


def passages_of(version: KnowledgeVersion) -> list[Passage]:
    """The passages of a version that was published."""
    return list(
        db.session.scalars(select(Passage).where(Passage.version_id == version.id).order_by(Passage.ordinal))
    )


def opening_of(version: KnowledgeVersion) -> Passage | None:
    """The first passage of a version."""
    return db.session.scalar(
        select(Passage).where(Passage.version_id == version.id).order_by(Passage.ordinal).limit(1)
    )


def history_of(item: KnowledgeItem) -> list[KnowledgeEvent]:
    """What was done to the item, newest first."""
    return list(
        db.session.scalars(
            select(KnowledgeEvent)
            .where(KnowledgeEvent.item_id == item.id)
            .order_by(KnowledgeEvent.id.desc())
            .limit(100)
        )
    )


def attachments_of(version: KnowledgeVersion) -> list[KnowledgeAttachment]:
    """The files of a version."""
    return list(
        db.session.scalars(
            select(KnowledgeAttachment)
            .where(KnowledgeAttachment.version_id == version.id)
            .order_by(KnowledgeAttachment.id)
        )
    )


def rating_of(person: Person, item: KnowledgeItem) -> bool | None:
    """Whether this person found it helpful; None if they have not said."""
    return db.session.scalar(
        select(KnowledgeRating.helpful).where(
            KnowledgeRating.item_id == item.id, KnowledgeRating.person_id == person.id
        )
    )


def open_corrections(item: KnowledgeItem) -> list[KnowledgeCorrection]:
    """What readers say is wrong and nobody has answered yet, oldest first."""
    return list(
        db.session.scalars(
            select(KnowledgeCorrection)
            .where(KnowledgeCorrection.item_id == item.id, KnowledgeCorrection.settled_at.is_(None))
            .order_by(KnowledgeCorrection.id)
            .options(joinedload(KnowledgeCorrection.person))
        )
    )


# -- lists -----------------------------------------------------------------------------------------


def versions(*states: ItemState) -> Select[Any]:
    """Versions in `states`, with their items and without their bodies."""
    return (
        select(KnowledgeVersion)
        .join(KnowledgeVersion.item)
        .where(KnowledgeVersion.state.in_(states))
        .options(
            contains_eager(KnowledgeVersion.item),
            defer(KnowledgeVersion.body),
            joinedload(KnowledgeVersion.written_by),
        )
    )


def in_review() -> Select[Any]:
    """What waits for an approver."""
    return versions(ItemState.IN_REVIEW)


def next_in_review() -> KnowledgeVersion | None:
    """What has waited longest for an approver."""
    return db.session.scalar(
        in_review().order_by(KnowledgeVersion.submitted_at, KnowledgeVersion.id).limit(1)
    )


def stock(today: date) -> Select[Any]:
    """What is published, each item once: not the texts that a later one has taken over from."""
    return versions(ItemState.PUBLISHED).where(~superseded_on(today))


def ending_or_due(today: date) -> Select[Any]:
    """Published items that end soon, have ended, or are due for review."""
    return stock(today).where(
        or_(
            func.coalesce(KnowledgeVersion.expires_on, date.max) <= today + SOON,
            KnowledgeVersion.review_due_on <= today + SOON,
        )
    )


def with_corrections(today: date) -> Select[Any]:
    """Published items of which readers say that something is wrong."""
    told = select(KnowledgeCorrection.id).where(
        KnowledgeCorrection.item_id == KnowledgeVersion.item_id, KnowledgeCorrection.settled_at.is_(None)
    )
    return stock(today).where(told.exists())


def retired() -> Select[Any]:
    """The newest version of items that have none alive."""
    newer = aliased(KnowledgeVersion)
    later = select(newer.id).where(
        newer.item_id == KnowledgeVersion.item_id, newer.number > KnowledgeVersion.number
    )
    in_force = select(newer.id).where(
        newer.item_id == KnowledgeVersion.item_id, newer.state == ItemState.PUBLISHED
    )
    return versions(ItemState.RETIRED).where(~later.exists(), ~in_force.exists())


def on_shelf_of(listed: Select[Any], person: Person) -> Select[Any]:
    """Only the shelves this person works on: editors and approvers on all, departments on their own."""
    if person.has_role(Role.KB_EDITOR, Role.KB_APPROVER):
        return listed
    scopes = person.departments_in_scope(*DEPARTMENT_WRITERS)
    below = [Department.path.startswith(prefix, autoescape=True) for prefix in scopes]
    shelves = select(Department.id).where(or_(*below)) if below else select(Department.id).where(false())
    return listed.where(KnowledgeItem.department_id.in_(shelves))


def count(listed: Select[Any]) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(listed.order_by(None).subquery())) or 0


def shelves_for(person: Person) -> list[Department]:
    """The departments on whose shelves this person may put items, in the order of the tree."""
    found = select(Department).where(Department.active).order_by(Department.path)
    if not person.has_role(Role.KB_EDITOR):
        scopes = person.departments_in_scope(*DEPARTMENT_WRITERS)
        found = found.where(or_(false(), *(Department.path.startswith(p, autoescape=True) for p in scopes)))
    return list(db.session.scalars(found))


def departments_with_items() -> list[Department]:
    """Whose shelves hold something published: the choices of the search page's filter."""
    held = select(KnowledgeItem.department_id).join(
        KnowledgeVersion,
        (KnowledgeVersion.item_id == KnowledgeItem.id) & (KnowledgeVersion.state == ItemState.PUBLISHED),
    )
    return list(
        db.session.scalars(select(Department).where(Department.id.in_(held)).order_by(Department.path))
    )


def regions_with_items() -> list[str]:
    """The regions that published items name: the choices of the search page's filter."""
    named = select(KnowledgeVersion.region).where(
        KnowledgeVersion.state == ItemState.PUBLISHED, KnowledgeVersion.region != ""
    )
    return list(db.session.scalars(named.distinct().order_by(KnowledgeVersion.region).limit(200)))


def word_groups(containing: str = "") -> Select[Any]:
    """The groups of the search dictionary in use; those with a word that contains what was typed."""
    listed = select(WordGroup).where(WordGroup.active)
    if containing:
        listed = listed.where(
            func.array_to_string(WordGroup.words, "\n").contains(containing, autoescape=True)
        )
    return listed


def newest_published(today: date, kinds: Iterable[Any] = (), departments: Iterable[int] = ()) -> Select[Any]:
    """What is valid today, to browse without a question."""
    listed = versions(ItemState.PUBLISHED).where(in_force_on(today))
    if kinds := list(kinds):
        listed = listed.where(KnowledgeVersion.kind.in_(kinds))
    if departments := list(departments):
        listed = listed.where(KnowledgeItem.department_id.in_(departments))
    return listed


def under(departments: Iterable[str]) -> frozenset[int]:
    """The ids of departments given by code, and of everything below them; unknown codes are nobody's."""
    codes = [code for code in departments if code]
    if not codes:
        return frozenset()
    top = select(Department.path).where(Department.code.in_(codes))
    paths = list(db.session.scalars(top))
    if not paths:
        return frozenset({0})
    below = select(Department.id).where(or_(*(Department.path.startswith(p, autoescape=True) for p in paths)))
    return frozenset(db.session.scalars(below))
