"""Reads of the department tree."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from accounts.models import Department, Person
from config.extensions import db


def _in_order() -> ColumnElement[Any]:
    """Each department after the one it stands under, siblings in the order in which they were founded."""
    return cast(func.string_to_array(func.btrim(Department.path, "/"), "/"), ARRAY(BigInteger))


def departments_under(department: Department) -> Select[Any]:
    """`department` and all below it, in the order of the tree."""
    below = Department.path.startswith(department.path, autoescape=True)
    return select(Department).where(below).order_by(_in_order())


def department_tree() -> Select[Any]:
    """All departments, each after the one it stands under."""
    return select(Department).order_by(_in_order())


def department_by_code(code: str) -> Department | None:
    """The department of that code."""
    found: Department | None = db.session.scalar(
        select(Department).where(Department.code == code.replace("\x00", ""))
    )
    return found


def people_per_department() -> dict[int, int]:
    """How many active people work in each department, by its id."""
    rows = db.session.execute(
        select(Person.department_id, func.count().label("people"))
        .where(Person.active, Person.department_id.is_not(None))
        .group_by(Person.department_id)
    )
    return {row.department_id: row.people for row in rows}
