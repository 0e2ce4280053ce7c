"""Departments: founded, changed, moved with all that stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import Department, DepartmentKind, DepartmentLevel, Person
from accounts.permissions import ensure
from accounts.services.naming import needed_name
from config.errors import Invalid, Refused
from config.extensions import db
from config.text import plain
from config.transaction import transactional

TREE_LOCK = 727_002
"""Advisory lock: the tree changes shape in one transaction at a time, so that no path is built on a moving one."""

_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")


@transactional
def create_department(
    code: str,
    name: str,
    *,
    kind: DepartmentKind = DepartmentKind.TERMINAL,
    level: DepartmentLevel = DepartmentLevel.BUREAU,
    parent: Department | None = None,
    short_name: str = "",
    former_numbers: Sequence[str] = (),
    contacts: Sequence[dict[str, Any]] = (),
    active: bool = True,
    duties: str = "",
    address: str = "",
    hours: str = "",
) -> Department:
    """Found a department below `parent`."""
    code = code.strip()
    if not _CODE.match(code):
        raise Invalid(fields={"code": _("Up to 32 letters, digits, dots or hyphens.")})
    _lock_tree()
    if db.session.scalar(select(Department.id).where(Department.code == code)):
        raise Invalid(fields={"code": _("This code is taken.")})
    department = Department(
        code=code,
        name=needed_name(name),
        short_name=short_name.strip(),
        kind=kind,
        level=level,
        parent_id=parent.id if parent else None,
        former_numbers=list(former_numbers),
        contacts=list(contacts),
        active=active,
        duties=_text(duties),
        address=_text(address),
        hours=_text(hours),
    )
    db.session.add(department)
    db.session.flush()
    if parent is not None:
        db.session.refresh(parent, ["path"])
    department.path = f"{parent.path if parent else '/'}{department.id}/"
    db.session.flush()
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
    former_numbers: Sequence[str],
    contacts: Sequence[dict[str, Any]],
    active: bool,
    duties: str,
    address: str,
    hours: str,
) -> bool:
    """Change what is known of a department; what it held before goes into the trail. False: nothing was different."""
    known: dict[str, Any] = {
        "name": needed_name(name),
        "short_name": short_name.strip(),
        "kind": kind,
        "level": level,
        "former_numbers": list(former_numbers),
        "contacts": list(contacts),
        "active": active,
        "duties": _text(duties),
        "address": _text(address),
        "hours": _text(hours),
    }
    return _change(by, department, known)


@transactional
def describe_department(
    by: Person,
    department: Department,
    *,
    duties: str,
    address: str,
    hours: str,
    contacts: Sequence[dict[str, Any]],
) -> bool:
    """Change what the directory says of a department; this is the department's own business, and an editor's.

    False: nothing was different. Invalid names what is too long.
    """
    ensure(by, "department:describe", department)
    known: dict[str, Any] = {"duties": _text(duties), "address": _text(address), "hours": _text(hours)}
    longest = {"duties": 4000, "address": 200, "hours": 200}
    wrong = {
        name: _("At most %(n)s characters.", n=longest[name])
        for name, text in known.items()
        if len(text) > longest[name]
    }
    if wrong:
        raise Invalid(fields=wrong)
    return _change(by, department, {**known, "contacts": list(contacts)})


def _change(by: Person, department: Department, known: dict[str, Any]) -> bool:
    changed = {key: value for key, value in known.items() if getattr(department, key) != value}
    if not changed:
        return False
    before = {key: getattr(department, key) for key in changed if key not in ("contacts", "duties")}
    for key, value in changed.items():
        setattr(department, key, value)
    audit.record(
        "department:change",
        by,
        ("department", department.id),
        {"changed": sorted(changed), "before": before},
    )
    return True


@transactional
def move_department(by: Person, department: Department, parent: Department | None) -> bool:
    """Hang a department, with all below it, under another one (None: at the root). False: it hangs there already."""
    if department.parent_id == (parent.id if parent else None):
        return False
    _lock_tree()
    for one in filter(None, (department, parent)):
        db.session.refresh(one, ["path", "parent_id"])
    if parent is not None and parent.is_under(department):
        raise Refused(_("A department cannot stand below itself."))
    old, new = department.path, f"{parent.path if parent else '/'}{department.id}/"
    department.parent_id = parent.id if parent else None
    db.session.execute(
        update(Department)
        .where(Department.path.startswith(old, autoescape=True))
        .values(path=func.concat(new, func.substr(Department.path, len(old) + 1)))
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    for known in db.session.identity_map.values():
        if isinstance(known, Department):
            db.session.expire(known, ["path", "parent"])
    audit.record("department:move", by, ("department", department.id), {"from": old, "to": new})
    return True


def _lock_tree() -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(TREE_LOCK)))


def _text(given: str) -> str:
    """Without what cannot be seen, and with one kind of line end."""
    return plain(given.replace("\r\n", "\n"))
