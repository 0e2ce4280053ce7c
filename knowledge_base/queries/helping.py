"""Reads of what helps in a call: favourites, scripts, related items."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from accounts.models import Person
from config import clock
from config.errors import NotFound
from config.extensions import db
from knowledge_base.models import Favourite, KnowledgeItem, KnowledgeVersion, Script, in_force_on
from knowledge_base.queries.items import versions
from knowledge_base.words import ItemState


def favourites(person: Person) -> Select[Any]:
    """What this person keeps at hand and is valid today, the last kept first."""
    return (
        versions(ItemState.PUBLISHED)
        .join(Favourite, Favourite.item_id == KnowledgeVersion.item_id)
        .where(Favourite.person_id == person.id, in_force_on(clock.today()))
        .order_by(Favourite.id.desc())
    )


def is_favourite(person: Person, item: KnowledgeItem) -> bool:
    """Whether this person keeps it at hand."""
    kept = select(Favourite.id).where(Favourite.person_id == person.id, Favourite.item_id == item.id)
    return db.session.scalar(kept) is not None


def favourite_ids(person: Person) -> set[int]:
    """The items this person keeps at hand."""
    return set(db.session.scalars(select(Favourite.item_id).where(Favourite.person_id == person.id)))


def scripts() -> Select[Any]:
    """All in use, in their order."""
    return select(Script).where(Script.active).order_by(Script.place, Script.id)


def scripts_for(category_code: str = "", queue_code: str = "") -> list[Script]:
    """Those for every call, for this category or a branch it stands in, and for this queue; the nearest first."""
    branches = (
        [category_code[:n] for n in range(len(category_code), 0, -1)] if category_code.isascii() else []
    )
    fitting = scripts().where(
        or_(Script.category_code == "", Script.category_code.in_(branches)),
        or_(Script.queue_code == "", Script.queue_code == queue_code),
    )
    found = list(db.session.scalars(fitting.limit(100)))
    return sorted(found, key=lambda one: (-len(one.category_code), not one.queue_code, one.place, one.id))


def script(script_id: int) -> Script:
    """The script; NotFound where it is no longer used."""
    found = db.session.get(Script, script_id)
    if found is None or not found.active:
        raise NotFound(_("There is no such script."))
    return found
