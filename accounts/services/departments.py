"""Departments: founded, changed, moved."""

from __future__ import annotations

from typing import Any

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import Department, DepartmentKind, DepartmentLevel
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
