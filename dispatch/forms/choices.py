"""The options of select fields: departments, categories, places."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Department
from config.extensions import db
from dispatch.models import Place
from dispatch.queries import categories

Choice = tuple[str, str]


def department_choices(empty: bool = True) -> list[Choice]:
    """Active departments in the order of the tree, by code."""
    rows = db.session.execute(
        select(Department.code, Department.name).where(Department.active).order_by(Department.path)
    )
    return ([("", "")] if empty else []) + [(code, name) for code, name in rows]


def category_choices() -> list[Choice]:
    """Leaves with their path; a branch of its own only where it has no leaves."""
    rows = list(db.session.scalars(categories()))
    parents = {row.parent_code for row in rows}
    return [("", "")] + [(row.code, row.path_name) for row in rows if row.code not in parents]


def branch_choices() -> list[Choice]:
    """The first level, for filters."""
    return [("", _("All categories"))] + [
        (row.code, row.name) for row in db.session.scalars(categories()) if row.parent_code is None
    ]


def place_choices(level: str) -> list[Choice]:
    """Places of a level, those below a parent with the parent's name before theirs."""
    rows = list(db.session.scalars(select(Place).order_by(Place.code)))
    names = {row.code: row.name for row in rows}
    return [("", "")] + [
        (row.code, f"{names[row.parent_code]} › {row.name}" if row.parent_code else row.name)
        for row in rows
        if row.level == level
    ]
