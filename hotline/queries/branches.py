"""Whose calls a person oversees: everybody's, or those of the part of the tree a shift lead leads.

A call is its agent's. One that nobody took is of every branch whose people serve the queue it waited in: no lead shall
overlook who gave up there.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from accounts.models import Department, Person
from accounts.roles import Role
from config.extensions import db
from hotline.models import AgentSkill, Call, CallQueue

Branch = tuple[str, ...]
"""Path prefixes of the tree."""
OVERSEE_ALL = (Role.MANAGER, Role.QC_INSPECTOR, Role.SUPERVISION_OFFICER)


def branch_of(person: Person, *also: Role) -> Branch | None:
    """What a shift lead leads; None is all, as for the roles that oversee the whole hotline and those in `also`."""
    if person.has_role(*OVERSEE_ALL, *also):
        return None
    paths = person.departments_in_scope(Role.SHIFT_LEAD)
    return None if "/" in paths else paths


def people_under(branch: Branch) -> Select[Any]:
    """The ids of who belongs there."""
    return select(Person.id).join(Department, Department.id == Person.department_id).where(_under(branch))


def of_branch(branch: Branch) -> ColumnElement[bool]:
    """Of a statement about calls: whether the call is this branch's. The few ids are looked up first, so that a branch
    with few calls among many finds them by its people's index."""
    people = list(db.session.scalars(people_under(branch)))
    queues = list(db.session.scalars(_queues_served(branch)))
    return or_(Call.agent_id.in_(people), and_(Call.agent_id.is_(None), Call.queue_id.in_(queues)))


def is_of_branch(call: Call, branch: Branch) -> bool:
    """The same of one call."""
    return bool(db.session.scalar(select(exists().where(Call.id == call.id, of_branch(branch)))))


def is_served_by(queue_id: int, branch: Branch) -> bool:
    """Whether anybody of this branch takes callers of that queue."""
    return bool(db.session.scalar(select(exists(_queues_served(branch).where(CallQueue.id == queue_id)))))


def _queues_served(branch: Branch) -> Select[Any]:
    """Queues whose skill somebody there has, unless the queue wants its agents from elsewhere."""
    skilled = exists(
        select(AgentSkill.id)
        .join(Person, Person.id == AgentSkill.agent_id)
        .join(Department, Department.id == Person.department_id)
        .where(AgentSkill.skill_id == CallQueue.skill_id, _under(branch))
    )
    theirs = exists().where(Department.id == CallQueue.department_ids.any_(), _under(branch))
    anywhere = or_(~CallQueue.only_there, CallQueue.department_ids == [])
    return select(CallQueue.id).where(skilled, or_(anywhere, theirs))


def _under(branch: Branch) -> ColumnElement[bool]:
    reached = [Department.path.startswith(path, autoescape=True) for path in branch]
    return or_(false(), *reached)
