"""Departments: founded, changed, moved."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import Department, DepartmentKind, DepartmentLevel, Person
from config.errors import Invalid
from config.extensions import db
from config.transaction import transactional


@transactional
def create_department(
    code: str,
    name: str,
    *,
    kind: DepartmentKind = DepartmentKind.TERMINAL,
    level: DepartmentLevel = DepartmentLevel.BUREAU,
    parent: Department | None = None,
    short_name: str = "",
    former_numbers: tuple[str, ...] = (),
    contacts: tuple[dict[str, Any], ...] = (),
) -> Department:
    """Found a department below `parent`."""
    department = Department(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        level=level,
        parent_id=parent.id if parent else None,
        former_numbers=list(former_numbers),
        contacts=list(contacts),
    )
    db.session.add(department)
    db.session.flush()
    department.path = f"{parent.path if parent else '/'}{department.id}/"
    audit.record("department:create", current_person_or_none(), ("department", department.id), {"code": code})
    return department


@transactional
def change_department(
    by: Person,
    department: Department,
    *,
    name: str,
    short_name: str,
    kind: DepartmentKind,
    level: DepartmentLevel,
    former_numbers: list[str],
    contacts: list[dict[str, Any]],
    active: bool,
) -> None:
    """Change what is known of a department."""
    if not name.strip():
        raise Invalid(fields={"name": _("This is needed.")})
    department.name, department.short_name = name.strip()[:120], short_name.strip()[:40]
    department.kind, department.level, department.active = kind, level, active
    department.former_numbers, department.contacts = former_numbers, contacts
    audit.record("department:change", by, ("department", department.id))
