"""What can be chosen for a queue."""

from __future__ import annotations

from sqlalchemy import or_, select

from accounts.models import Department, Person
from config.extensions import db
from hotline.models import AgentSkill, CallQueue, Seat


def other_queues(queue: CallQueue | None) -> list[CallQueue]:
    """Every active queue but this one, by name."""
    wanted = select(CallQueue).where(CallQueue.active).order_by(CallQueue.name)
    if queue is not None:
        wanted = wanted.where(CallQueue.id != queue.id)
    return list(db.session.scalars(wanted))


def sites() -> list[str]:
    """Where seats stand."""
    wanted = select(Seat.site).where(Seat.site != "", Seat.active).distinct().order_by(Seat.site)
    return list(db.session.scalars(wanted))


def departments_of_agents(queue: CallQueue | None) -> list[Department]:
    """Where agents belong, with all above them, and what is chosen already."""
    mine = select(Department.path).join(Person).join(AgentSkill, AgentSkill.agent_id == Person.id).distinct()
    above = {int(part) for path in db.session.scalars(mine) for part in path.split("/") if part}
    chosen = queue.department_ids if queue is not None else []
    wanted = select(Department).where(or_(Department.id.in_(above), Department.id.in_(chosen)))
    return list(db.session.scalars(wanted.order_by(Department.path)))
