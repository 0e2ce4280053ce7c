"""Reminders: once for each item and deadline, to who owns it and to the shelf's department."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from config import clock, live
from config.extensions import db
from config.transaction import transactional
from knowledge_base import queries
from knowledge_base.models import CollectionTask, KnowledgeCorrection, KnowledgeVersion
from knowledge_base.words import TaskState


@transactional
def remind_of_reviews() -> int:
    """Of items that end or are to be read again within a month. How many are new to their owners."""
    due = queries.ending_or_due(clock.today()).where(
        or_(
            KnowledgeVersion.reminded_on.is_(None),
            and_(
                KnowledgeVersion.review_due_on <= clock.today() + queries.SOON,
                KnowledgeVersion.reminded_on < KnowledgeVersion.review_due_on - queries.SOON,
            ),
        )
    )
    count = 0
    for version in db.session.scalars(due):
        version.reminded_on = clock.today()
        facts = {
            "item_no": version.item.item_no,
            "title": version.title,
            "review_due_on": str(version.review_due_on),
            "expires_on": str(version.expires_on or ""),
        }
        for room in (f"person:{version.item.owner_id}", f"department:{version.item.department_id}"):
            live.tell(room, "knowledge:due", facts)
        count += 1
    return count


@transactional
def remind_of_corrections() -> int:
    """Of reports that are not answered on the day they should be, each day again."""
    late = select(KnowledgeCorrection).where(
        KnowledgeCorrection.settled_at.is_(None),
        KnowledgeCorrection.due_on <= clock.today(),
        or_(KnowledgeCorrection.reminded_on.is_(None), KnowledgeCorrection.reminded_on < clock.today()),
    )
    count = 0
    for correction in db.session.scalars(late):
        correction.reminded_on = clock.today()
        facts = {"item_no": correction.item.item_no, "due_on": str(correction.due_on)}
        live.tell(
            f"person:{correction.owner_id or correction.item.owner_id}", "knowledge:correction_late", facts
        )
        count += 1
    return count


@transactional
def remind_of_tasks() -> int:
    """Of questions that are not answered on the day they should be, each day again."""
    late = select(CollectionTask).where(
        CollectionTask.state == TaskState.OPEN,
        CollectionTask.due_on <= clock.today(),
        or_(CollectionTask.reminded_on.is_(None), CollectionTask.reminded_on < clock.today()),
    )
    count = 0
    for task in db.session.scalars(late):
        task.reminded_on = clock.today()
        facts = {"task_no": task.task_no, "question": task.question, "due_on": str(task.due_on)}
        room = f"person:{task.owner_id}" if task.owner_id else f"department:{task.department_id}"
        live.tell(room, "knowledge:task_late", facts)
        count += 1
    return count
