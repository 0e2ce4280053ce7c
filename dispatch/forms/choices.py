"""The options of select fields: departments, categories, places."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Department
from config.extensions import db
from dispatch.models import Place
from dispatch.queries import categories

Choice = tuple[str, str] | tuple[str, str, dict[str, Any]]
NONE: Choice = ("", "")


def department_choices(under: Department | None = None) -> list[Choice]:
    """Active departments in the order of the tree, by code; those below `under` only, if it is given.

    A section is named with the house it belongs to. Short names and former numbers can be typed as well.
    """
    rows = db.session.scalars(select(Department).where(Department.active).order_by(Department.path)).all()
    names = {row.id: row.name for row in rows}
    roots = {row.id for row in rows if row.parent_id is None}
    if under is not None:
        rows = [row for row in rows if row.id != under.id and row.path.startswith(under.path)]
    return [
        (row.code, _department_name(row, names, roots), {"data-keywords": _keywords(row)}) for row in rows
    ]


def _department_name(row: Department, names: dict[int, str], roots: set[int]) -> str:
    above = row.parent_id
    if above is None or above in roots or above not in names:
        return row.name
    return f"{row.name}（{names[above]}）"


def _keywords(row: Department) -> str:
    numbers = row.former_numbers or ()
    return " ".join([row.short_name or "", *([numbers] if isinstance(numbers, str) else map(str, numbers))])


def category_groups() -> dict[str, list[Choice]]:
    """Leaves under the name of their branch; a branch without leaves stands for itself."""
    rows = list(db.session.scalars(categories()))
    names = {row.code: row.name for row in rows}
    parents = {row.parent_code for row in rows}
    groups: dict[str, list[Choice]] = {"": [NONE]}
    for row in rows:
        if row.code not in parents:
            branch = names.get(row.parent_code or "", row.name)
            about = {"data-urgency": row.default_urgency.value}
            groups.setdefault(branch, []).append((row.code, row.name, about))
    return groups


def branch_choices() -> list[Choice]:
    """The first level, for filters."""
    branches = [row for row in db.session.scalars(categories()) if row.parent_code is None]
    return [("", _("All categories")), *((row.code, row.name) for row in branches)]


def district_choices() -> list[Choice]:
    """The districts, for filters."""
    rows = db.session.execute(
        select(Place.code, Place.name).where(Place.parent_code.is_(None)).order_by(Place.code)
    )
    return [("", _("All districts")), *((code, name) for code, name in rows)]


def place_choices() -> dict[str, list[Choice]]:
    """By level: each place with what it lies in (`data-parent`), so that the form can narrow the next field."""
    rows = list(db.session.scalars(select(Place).order_by(Place.code)))
    names = {row.code: row.name for row in rows}
    found: dict[str, list[Choice]] = {"district": [NONE], "street": [NONE], "community": [NONE]}
    for row in rows:
        above = row.parent_code
        about = {"data-parent": above, "data-keywords": names.get(above, "")} if above else {}
        found[row.level.value].append((row.code, row.name, about))
    return found
