"""Versions follow one another by their dates, so that the text of any day can be asked for.

A version that begins later ends the one before it on the day before. One that corrects a text for the same time (it was
begun from it, or begins on the same day) takes its place: the old one is retired. One that is older than what is there,
as when last year's law is brought in after this year's, ends where the next begins.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from config.extensions import db
from knowledge_base.models import KnowledgeVersion
from knowledge_base.words import ItemState

DAY = timedelta(days=1)


def published_of(item_id: int) -> list[KnowledgeVersion]:
    """The published versions of the item, in the order of their time. The item's row is locked by the caller."""
    return list(
        db.session.scalars(
            select(KnowledgeVersion)
            .where(KnowledgeVersion.item_id == item_id, KnowledgeVersion.state == ItemState.PUBLISHED)
            .order_by(KnowledgeVersion.effective_on)
        )
    )


def replaced_by(version: KnowledgeVersion) -> list[KnowledgeVersion]:
    """The texts whose place it took."""
    taken = select(KnowledgeVersion).where(KnowledgeVersion.replaced_by_id == version.id)
    return list(db.session.scalars(taken))


def take_place(version: KnowledgeVersion, at: datetime) -> None:
    """Make room for `version`, which is about to be published, and give it its own end."""
    if version.number == 1:  # nobody is beside it
        version.expires_on = version.stated_expires_on
        return
    others = published_of(version.item_id)
    for other in others:
        if _is_replaced(other, version):
            other.state, other.retired_at, other.replaced_by_id = ItemState.RETIRED, at, version.id
    db.session.flush()
    link([*(o for o in others if o.state is ItemState.PUBLISHED), version])


def give_way(version: KnowledgeVersion, at: datetime) -> None:
    """Take one published version out again; those whose place or time it took get them back."""
    version.state, version.retired_at = ItemState.RETIRED, at
    db.session.flush()
    back = replaced_by(version)
    link([*published_of(version.item_id), *back])
    for old in back:
        old.state, old.retired_at, old.replaced_by_id = ItemState.PUBLISHED, None, None
    db.session.flush()


def link(versions: list[KnowledgeVersion]) -> None:
    """Give each the end it states, or the day before the next begins, whichever comes first."""
    ordered = sorted(versions, key=lambda v: v.effective_on)
    for version, following in zip(ordered, [*ordered[1:], None], strict=True):
        ends = [version.stated_expires_on] if version.stated_expires_on else []
        if following is not None:
            ends.append(following.effective_on - DAY)
        version.expires_on = min(ends, default=None)
    # Before the new one is published: the database refuses two texts for one day. The lengthened ones come after.
    db.session.flush()


def _is_replaced(old: KnowledgeVersion, new: KnowledgeVersion) -> bool:
    corrected = old.id == new.begun_from_id and old.effective_on >= new.effective_on
    return corrected or old.effective_on == new.effective_on
