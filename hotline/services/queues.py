"""Queues, skills and seats: choosing one for a caller, and what an administrator does with them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import lazyload

from accounts import audit
from accounts.models import Person
from config.errors import Invalid
from config.extensions import db
from config.transaction import transactional
from hotline.models import AgentSkill, CallQueue, Seat, Skill

GENERAL = "general"


# Built once: these run with every call.
DEFAULT = select(CallQueue).where(CallQueue.is_default, CallQueue.active).options(lazyload(CallQueue.skill))
CHOICE = (
    select(CallQueue)
    .where(CallQueue.active, (CallQueue.code == bindparam("code")) | CallQueue.is_default)
    .order_by(CallQueue.is_default)
    .options(lazyload(CallQueue.skill))
)


def default_queue() -> CallQueue:
    """Where callers wait who chose nothing. A hotline that has no queue yet gets one: calls do not wait for set-up."""
    return db.session.scalars(DEFAULT).one_or_none() or _first_queue()


def queue_named(code: str) -> CallQueue:
    """The queue a flow names, else the default."""
    if not code:
        return default_queue()
    found = db.session.scalars(CHOICE, {"code": code}).all()
    named = [queue for queue in found if queue.code == code]
    return next(iter(named or found), None) or _first_queue()


@transactional
def create_skill(code: str, name: str) -> Skill:
    """A skill of that code; the name is changed if there is one already."""
    skill = db.session.scalars(select(Skill).where(Skill.code == code)).one_or_none() or Skill(code=code)
    skill.name = name
    db.session.add(skill)
    db.session.flush()
    return skill


@transactional
def save_queue(person: Person | None, code: str, **settings: Any) -> CallQueue:
    """Make the queue `code`, or change it; `settings` are columns of CallQueue. Waiting callers keep their places."""
    queue = db.session.scalars(select(CallQueue).where(CallQueue.code == code)).one_or_none()
    if queue is None:
        queue = CallQueue(code=code, skill_id=settings["skill_id"], name=settings["name"])
    if queue.is_default and settings.get("is_default") is False:
        raise Invalid(
            fields={"is_default": _("One queue must be the default: make another one the default.")}
        )
    becomes = {"is_default": queue.is_default, "active": queue.active, **settings}
    if becomes["is_default"] and becomes["active"] is False:
        # Callers would wait in a queue made up for them, with a skill that nobody has.
        raise Invalid(fields={"active": _("One queue must be the default: make another one the default.")})
    if settings.get("is_default"):
        db.session.execute(update(CallQueue).where(CallQueue.code != code).values(is_default=False))
    for name, value in settings.items():
        setattr(queue, name, value)
    db.session.add(queue)
    db.session.flush()
    audit.record("queue:save", person, subject=("call_queue", queue.id), detail={"code": code})
    return queue


@transactional
def save_seat(person: Person | None, number: str, site: str = "", active: bool = True) -> Seat:
    """Make the seat, or change it."""
    seat = db.session.scalars(select(Seat).where(Seat.number == number)).one_or_none() or Seat(
        number=number, online=True
    )
    seat.site, seat.active = site, active
    db.session.add(seat)
    db.session.flush()
    audit.record("seat:save", person, subject=("seat", seat.id), detail={"number": number})
    return seat


@transactional
def grant_skills(person: Person | None, agent: Person, levels: dict[int, int]) -> None:
    """The agent has exactly these skills: {skill id: level 1 … 9}."""
    db.session.execute(delete(AgentSkill).where(AgentSkill.agent_id == agent.id))
    for skill_id, level in levels.items():
        db.session.add(AgentSkill(agent_id=agent.id, skill_id=skill_id, level=level))
    audit.record("agent:grant_skills", person, subject=("person", agent.id), detail={"skills": len(levels)})


def ensure_some_skill(agent_id: int) -> None:
    """An agent nobody gave a skill takes the default queue's calls."""
    if not db.session.scalar(select(func.count()).where(AgentSkill.agent_id == agent_id)):
        row = {"agent_id": agent_id, "skill_id": default_queue().skill_id, "level": 5}
        db.session.execute(insert(AgentSkill).values(row).on_conflict_do_nothing())


def _first_queue() -> CallQueue:
    """Two calls may arrive at once on an empty hotline: both find the same queue."""
    db.session.execute(insert(Skill).values(code=GENERAL, name=_("General")).on_conflict_do_nothing())
    skill_id = db.session.scalar(select(Skill.id).where(Skill.code == GENERAL))
    made = insert(CallQueue).values(code=GENERAL, name=_("General"), skill_id=skill_id, is_default=True)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["code"], set_={"is_default": True, "active": True})
    )
    return db.session.scalars(select(CallQueue).where(CallQueue.is_default, CallQueue.active)).one()
