"""What everybody may read without signing in: published, marked public, and valid today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Select, cast, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Department
from config import clock
from config.extensions import db
from config.settings import settings
from knowledge_base.models import KnowledgeAttachment, KnowledgeItem, KnowledgeVersion, in_force_on
from knowledge_base.queries.items import versions
from knowledge_base.words import ItemKind, ItemState


def on_public_pages() -> ColumnElement[bool]:
    """The one condition for what is shown to everybody today."""
    return KnowledgeVersion.public & in_force_on(clock.today())


def public_list(kinds: Iterable[ItemKind] = (), departments: Iterable[int] = ()) -> Select[Any]:
    """All of it, without bodies."""
    listed = versions(ItemState.PUBLISHED).where(on_public_pages())
    if kinds := list(kinds):
        listed = listed.where(KnowledgeVersion.kind.in_(kinds))
    if departments := list(departments):
        listed = listed.where(KnowledgeItem.department_id.in_(departments))
    return listed


def stood_since() -> ColumnElement[datetime]:
    """When a text came onto the public pages: approved, or its first day where that came later."""
    first_day = func.timezone(settings().city_zone, cast(KnowledgeVersion.effective_on, DateTime))
    return func.greatest(KnowledgeVersion.published_at, first_day)


def newest_public(
    kinds: Iterable[ItemKind], departments: Iterable[int], limit: int
) -> list[tuple[KnowledgeVersion, datetime]]:
    """What came onto the public pages last, each with the moment at which it did."""
    since = stood_since().label("since")
    rows = (
        public_list(kinds, departments).add_columns(since).order_by(since.desc(), KnowledgeVersion.id.desc())
    )
    return [(version, moment) for version, moment in db.session.execute(rows.limit(limit))]


def public_version(item_no: str) -> KnowledgeVersion | None:
    """The text of the item that everybody may read today."""
    return db.session.scalar(
        select(KnowledgeVersion)
        .join(KnowledgeVersion.item)
        .where(KnowledgeItem.item_no == item_no, on_public_pages())
        .limit(1)
    )


def once_public(item_no: str, number: int | None = None) -> KnowledgeVersion | None:
    """A version that stood on the public pages once: the one with this number, or the last."""
    known = (
        select(KnowledgeVersion)
        .join(KnowledgeVersion.item)
        .where(
            KnowledgeItem.item_no == item_no,
            KnowledgeVersion.public,
            KnowledgeVersion.published_at.is_not(None),
            KnowledgeVersion.effective_on <= clock.today(),
            # What was taken back before its first day, or had ended before it was approved, nobody has ever read here.
            or_(KnowledgeVersion.retired_at.is_(None), KnowledgeVersion.retired_at >= stood_since()),
            or_(
                KnowledgeVersion.expires_on.is_(None),
                KnowledgeVersion.expires_on >= cast(func.timezone(settings().city_zone, stood_since()), Date),
            ),
        )
        .order_by(KnowledgeVersion.number.desc())
    )
    if number is not None:
        known = known.where(KnowledgeVersion.number == (number if number < 2**31 else 0))
    return db.session.scalar(known.limit(1))


def public_attachment(item_no: str, attachment_id: int) -> KnowledgeAttachment | None:
    """A file of the text that everybody may read today."""
    return db.session.scalar(
        select(KnowledgeAttachment)
        .join(KnowledgeAttachment.version)
        .join(KnowledgeVersion.item)
        .where(KnowledgeAttachment.id == attachment_id, KnowledgeItem.item_no == item_no, on_public_pages())
        .options(joinedload(KnowledgeAttachment.file))
    )


def public_departments() -> list[Department]:
    """Whose knowledge stands on public pages."""
    held = (
        select(KnowledgeItem.department_id)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(on_public_pages())
    )
    found = select(Department).where(Department.id.in_(held)).order_by(Department.path)
    return list(db.session.scalars(found))


def public_addresses(after: int, limit: int) -> list[Any]:
    """`(item_id, item_no, since)` of public items with keys above `after`, for the sitemap."""
    columns: tuple[Any, ...] = (
        KnowledgeItem.id.label("item_id"),
        KnowledgeItem.item_no,
        stood_since().label("since"),
    )
    rows = (
        select(*columns)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(on_public_pages(), KnowledgeItem.id > after)
        .order_by(KnowledgeItem.id)
    )
    return list(db.session.execute(rows.limit(limit)))


def public_parts(size: int) -> list[int]:
    """For each part of the sitemap, the key of the item before its first: 0 and every `size`-th item."""
    place = func.row_number().over(order_by=KnowledgeItem.id).label("place")
    numbered = (
        select(KnowledgeItem.id.label("item_id"), place)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(on_public_pages())
        .subquery()
    )
    starts = select(numbered.c.item_id).where(numbered.c.place % size == 0).order_by(numbered.c.item_id)
    return [0, *db.session.scalars(starts)]
