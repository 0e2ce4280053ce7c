"""Reads of collection tasks."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Department, Person, RoleGrant
from accounts.roles import Role
from config import clock
from config.errors import NotFound
from config.extensions import db
from knowledge_base.models import CollectionTask
from knowledge_base.permissions import DEPARTMENT_WRITERS
from knowledge_base.words import TaskState

EVERYWHERE = (Role.KB_EDITOR, Role.KB_APPROVER, Role.MANAGER)


def tasks(person: Person) -> Select[Any]:
    """Tasks this person may see: all of them, or those of the departments they write for."""
    listed = select(CollectionTask).options(
        joinedload(CollectionTask.owner),
        joinedload(CollectionTask.item),
        joinedload(CollectionTask.created_by),
        joinedload(CollectionTask.closed_by),
    )
    if person.has_role(*EVERYWHERE):
        return listed
    scopes = person.departments_in_scope(*DEPARTMENT_WRITERS)
    below = [Department.path.startswith(prefix, autoescape=True) for prefix in scopes]
    within = select(Department.id).where(or_(false(), *below))
    return listed.where(CollectionTask.department_id.in_(within))


def task(person: Person, task_id: int) -> CollectionTask:
    """The task; NotFound where this person may not see it."""
    found: CollectionTask | None = db.session.scalar(tasks(person).where(CollectionTask.id == task_id))
    if found is None:
        raise NotFound(_("There is no such task."))
    return found


def tasks_late(person: Person) -> int:
    """How many open ones past their day: a person's own, and nobody's of their department."""
    row = CollectionTask
    mine = or_(
        row.owner_id == person.id, row.owner_id.is_(None) & (row.department_id == (person.department_id or 0))
    )
    late = (
        select(func.count()).select_from(row).where(row.state == TaskState.OPEN, row.due_on < clock.today())
    )
    return db.session.scalar(late.where(mine)) or 0


def writers_for(department: Department | None = None) -> list[Person]:
    """Who may answer a task: editors, and who writes for `department` (None: for any)."""
    wide = select(RoleGrant.person_id).where(RoleGrant.role == Role.KB_EDITOR)
    own = select(RoleGrant.person_id).where(RoleGrant.role.in_(DEPARTMENT_WRITERS))
    if department is not None:
        above = [int(key) for key in department.path.strip("/").split("/")]
        own = own.where(or_(RoleGrant.department_id.in_(above), RoleGrant.department_id.is_(None)))
    found = select(Person).where(Person.active, or_(Person.id.in_(wide), Person.id.in_(own)))
    return list(db.session.scalars(found.order_by(Person.name, Person.id).limit(2000)))
