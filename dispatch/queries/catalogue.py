"""The dispatch catalogue and the code tables (派单目录): it suggests; a dispatcher decides."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from accounts.models import Department
from config import clock
from config.extensions import db
from dispatch.models import Category, Place


@dataclass(frozen=True)
class Suggestion:
    """Whom the catalogue would send it to; `category` and `place` are the reason."""

    department: Department
    category: str
    place: str = ""


def suggest_lead(
    category_code: str, street_code: str | None = None, district_code: str | None = None
) -> Suggestion | None:
    """The lead by category × place: the nearest category upwards that names one.

    A category led locally goes to the street's own department, else to the district's; every other one stays with
    its bureau, whose duty may not be pushed down (domain § 3, Rules).
    """
    for category in _upwards(category_code):
        if category.lead_is_local:
            for place in _places_of(street_code, district_code):
                if place.department is not None and place.department.active:
                    return Suggestion(place.department, category.path_name, place.name)
        if category.lead_department is not None and category.lead_department.active:
            return Suggestion(category.lead_department, category.path_name)
    return None


def _upwards(code: str) -> list[Category]:
    """The category and those above it, nearest first: a parent's code is a prefix."""
    codes = [code[:n] for n in range(len(code), 0, -2)]
    rows = db.session.scalars(select(Category).where(Category.code.in_(codes)))
    return sorted(rows, key=lambda category: len(category.code), reverse=True)


def _places_of(*codes: str | None) -> list[Place]:
    wanted = [code for code in codes if code]
    rows = db.session.scalars(select(Place).where(Place.code.in_(wanted))) if wanted else ()
    by_code = {place.code: place for place in rows}
    return [by_code[code] for code in wanted if code in by_code]


def categories() -> Select[Category]:
    """The tree in the order of its codes, those active today."""
    day = clock.today()
    return (
        select(Category)
        .where(
            or_(Category.active_from.is_(None), Category.active_from <= day),
            or_(Category.active_until.is_(None), Category.active_until >= day),
        )
        .order_by(Category.code)
    )


def places(parent: str | None = None) -> Select[Place]:
    """The places directly below `parent`; without one, the districts."""
    where = Place.parent_code.is_(None) if parent is None else Place.parent_code == parent
    return select(Place).where(where).order_by(Place.code)
