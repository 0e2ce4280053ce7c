"""Reads of the editors' desk: what departments handed in, and what readers say is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from accounts.models import Department, Person
from accounts.roles import Role
from config import clock
from config.extensions import db
from knowledge_base.models import KnowledgeCorrection, KnowledgeEvent, KnowledgeItem, KnowledgeVersion
from knowledge_base.permissions import DEPARTMENT_WRITERS
from knowledge_base.queries.items import on_shelf_of, versions
from knowledge_base.words import ItemState
from knowledge_base.workflow import ItemAction

COUNTED = (ItemAction.HAND_IN, ItemAction.ACCEPT, ItemAction.REFUSE, ItemAction.APPROVE)
EVERYWHERE = (Role.KB_EDITOR, Role.KB_APPROVER, Role.MANAGER)


def handed_in() -> Select[Any]:
    """What departments gave to the editors."""
    return versions(ItemState.HANDED_IN)


def next_handed_in() -> KnowledgeVersion | None:
    """What has waited longest for an editor."""
    return db.session.scalar(
        handed_in().order_by(KnowledgeVersion.handed_in_at, KnowledgeVersion.id).limit(1)
    )


@dataclass(frozen=True)
class Assessment:
    """What a department's submissions came to in a period; `waiting` is as of now."""

    department: Department
    handed_in: int
    accepted: int
    refused: int
    published: int
    waiting: int


def assessments(person: Person, first: date, last: date) -> list[Assessment]:
    """Counts per department from `first` to `last`, both included, of the departments this person may see.

    Published are versions that an editor accepted, whenever that was, and an approver published in the period.
    """
    deeds, waiting = _deeds(first, last), _waiting()
    columns = ("handed_in", "accepted", "refused", "published")
    found = (
        select(
            Department,
            *(func.coalesce(deeds.c[name], 0) for name in columns),
            func.coalesce(waiting.c.waiting, 0),
        )
        .outerjoin(deeds, deeds.c.department_id == Department.id)
        .outerjoin(waiting, waiting.c.department_id == Department.id)
        .where(or_(*(deeds.c[name] > 0 for name in columns), waiting.c.waiting > 0))
        .order_by(Department.path)
    )
    if not person.has_role(*EVERYWHERE):
        scopes = person.departments_in_scope(*DEPARTMENT_WRITERS)
        found = found.where(or_(false(), *(Department.path.startswith(p, autoescape=True) for p in scopes)))
    return [Assessment(*row) for row in db.session.execute(found)]


def _deeds(first: date, last: date) -> Subquery:
    """What was done in the period, counted by department."""
    accepted = aliased(KnowledgeEvent)
    was_handed_in = exists(
        select(accepted.id).where(
            accepted.item_id == KnowledgeEvent.item_id,
            accepted.version_number == KnowledgeEvent.version_number,
            accepted.action == ItemAction.ACCEPT.value,
        )
    )

    def counted(action: ItemAction, *more: Any) -> Any:
        return func.count(case((and_(KnowledgeEvent.action == action.value, *more), 1)))

    ends = clock.start_of_day(last + timedelta(days=1))
    return (
        select(
            KnowledgeItem.department_id.label("department_id"),
            counted(ItemAction.HAND_IN).label("handed_in"),
            counted(ItemAction.ACCEPT).label("accepted"),
            counted(ItemAction.REFUSE).label("refused"),
            counted(ItemAction.APPROVE, was_handed_in).label("published"),
        )
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeEvent.item_id)
        .where(
            KnowledgeEvent.at >= clock.start_of_day(first),
            KnowledgeEvent.at < ends,
            KnowledgeEvent.action.in_([action.value for action in COUNTED]),
        )
        .group_by(KnowledgeItem.department_id)
        .subquery()
    )


def _waiting() -> Subquery:
    """What waits for an editor now, counted by department."""
    return (
        select(KnowledgeItem.department_id.label("department_id"), func.count().label("waiting"))
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(KnowledgeVersion.state == ItemState.HANDED_IN)
        .group_by(KnowledgeItem.department_id)
        .subquery()
    )


def corrections(person: Person) -> Select[Any]:
    """Reports of errors on the shelves this person works on."""
    listed = (
        select(KnowledgeCorrection)
        .join(KnowledgeCorrection.item)
        .options(
            contains_eager(KnowledgeCorrection.item),
            joinedload(KnowledgeCorrection.person),
            joinedload(KnowledgeCorrection.owner),
            joinedload(KnowledgeCorrection.settled_by),
        )
    )
    return on_shelf_of(listed, person)


def corrections_late(person: Person) -> int:
    """How many of this person's own are not answered by the day they should be."""
    late = select(func.count()).select_from(KnowledgeCorrection)
    mine = (KnowledgeCorrection.owner_id == person.id, KnowledgeCorrection.settled_at.is_(None))
    return db.session.scalar(late.where(*mine, KnowledgeCorrection.due_on < clock.today())) or 0


def corrections_of(item: KnowledgeItem) -> list[KnowledgeCorrection]:
    """What was said about the item and answered, the newest first."""
    answered = (
        select(KnowledgeCorrection)
        .where(KnowledgeCorrection.item_id == item.id, KnowledgeCorrection.settled_at.is_not(None))
        .order_by(KnowledgeCorrection.id.desc())
        .options(joinedload(KnowledgeCorrection.person), joinedload(KnowledgeCorrection.settled_by))
    )
    return list(db.session.scalars(answered.limit(20)))
