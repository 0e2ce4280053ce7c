"""Reads of the department directory."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import undefer

from accounts.models import Department, DepartmentLevel
from config.errors import NotFound
from config.extensions import db
from config.text import plain


def directory(
    q: str = "", within: Department | None = None, level: DepartmentLevel | None = None
) -> Select[Any]:
    """Departments that are there, narrowed by part of a name, a number or a duty, by subtree and by level."""
    listed = select(Department).where(Department.active)
    if within is not None:
        listed = listed.where(Department.path.startswith(within.path, autoescape=True))
    if level is not None:
        listed = listed.where(Department.level == level)
    for word in plain(q).split()[:5]:
        numbers = func.array_to_string(Department.former_numbers, " ")
        spread = (Department.name, Department.short_name, Department.duties, Department.address, numbers)
        listed = listed.where(
            or_(
                *(column.contains(word, autoescape=True) for column in spread),
                cast(Department.contacts, Text).contains(word, autoescape=True),
            )
        )
    return listed


def office(code: str) -> Department:
    """The department with this code, its duties with it; NotFound."""
    found = db.session.scalar(
        select(Department)
        .where(Department.code == code.replace("\x00", ""))
        .options(undefer(Department.duties))
    )
    if found is None or not found.active:
        raise NotFound(_("There is no such department."))
    return found


def above(office: Department) -> list[Department]:
    """What it stands under, the topmost first."""
    ids = [int(key) for key in office.path.strip("/").split("/")][:-1]
    if not ids:
        return []
    return list(
        db.session.scalars(select(Department).where(Department.id.in_(ids)).order_by(Department.path))
    )


def below(office: Department) -> list[Department]:
    """What stands directly under it."""
    children = select(Department).where(Department.parent_id == office.id, Department.active)
    return list(db.session.scalars(children.order_by(Department.id)))


def regions() -> list[Department]:
    """The districts: the regions by which the directory is browsed."""
    found = select(Department).where(Department.active, Department.level == DepartmentLevel.DISTRICT)
    return list(db.session.scalars(found.order_by(Department.path)))
