"""Collection tasks: a question without an answer becomes work with a department, an owner and a day."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts import audit
from accounts.models import Department, Person
from accounts.permissions import ensure, reaches
from accounts.roles import Role
from config import clock, live
from config.errors import Conflict, Invalid, NotFound
from config.extensions import db
from config.text import plain
from config.transaction import transactional
from knowledge_base import verbs
from knowledge_base.models import CollectionTask, KnowledgeItem, KnowledgeVersion, SearchLog
from knowledge_base.permissions import DEPARTMENT_WRITERS
from knowledge_base.words import ItemState, TaskState

QUESTION, NOTE = 200, 500
FARTHEST = 366
"""Days: what nobody needs within a year is not being collected."""


@transactional
def make_task(
    person: Person,
    question: str,
    department: Department,
    due_on: date,
    owner: Person | None = None,
    note: str = "",
) -> CollectionTask:
    """Ask `department` for an answer by `due_on`. Conflict, with its number, where the question is open already."""
    ensure(person, "knowledge:collect")
    words, more = " ".join(plain(question).split()), plain(note).strip()
    wrong = {**_wrong_words(words, more), **_wrong_place(department, owner, due_on)}
    if wrong:
        raise Invalid(fields=wrong)
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(words.lower(), 0))))
    if (known := open_task_for(words)) is not None:
        raise Conflict(_("%(no)s asks this already.", no=known.task_no), task=known.id)
    task = CollectionTask(
        question=words,
        times=max(1, _times(words)),
        note=more,
        department_id=department.id,
        owner_id=owner.id if owner else None,
        due_on=due_on,
        state=TaskState.OPEN,
        created_at=clock.now(),
        created_by_id=person.id,
    )
    db.session.add(task)
    db.session.flush()
    _record(verbs.COLLECT, person, task)
    _tell(task, "knowledge:task")
    return task


@transactional
def hand_task(
    person: Person, task_id: int, department: Department, owner: Person | None, due_on: date
) -> CollectionTask:
    """Give it to another department or person, or another day."""
    task = _open(person, task_id)
    if (department.id, due_on) != (task.department_id, task.due_on):
        ensure(person, "knowledge:collect")  # a department shares out its work, it does not pass it on
    if wrong := _wrong_place(department, owner, due_on, kept=due_on == task.due_on):
        raise Invalid(fields=wrong)
    task.department_id, task.owner_id, task.due_on = department.id, owner.id if owner else None, due_on
    task.reminded_on = None
    db.session.flush()
    db.session.refresh(task, ["department", "owner"])
    _record(verbs.HAND_TASK, person, task)
    _tell(task, "knowledge:task")
    return task


@transactional
def begin_answer(person: Person, task_id: int, item: KnowledgeItem) -> CollectionTask:
    """`item` is being written for it: published, it finishes the task."""
    task = _open(person, task_id)
    task.item_id = item.id
    task.owner_id = task.owner_id or person.id
    return task


@transactional
def finish_task(person: Person, task_id: int, item_no: str) -> CollectionTask:
    """It is answered by an item that is published. Invalid where there is none of that number."""
    task = _open(person, task_id)
    found = db.session.scalar(
        select(KnowledgeItem)
        .join(KnowledgeVersion, KnowledgeVersion.item_id == KnowledgeItem.id)
        .where(
            KnowledgeItem.item_no == plain(item_no).strip().upper(),
            KnowledgeVersion.state == ItemState.PUBLISHED,
        )
        .limit(1)
    )
    if found is None:
        raise Invalid(fields={"item_no": _("Nothing is published under this number.")})
    _finish(task, person, found)
    return task


@transactional
def drop_task(person: Person, task_id: int, reason: str) -> CollectionTask:
    """It is not to be answered, and why."""
    task = _open(person, task_id)
    words = " ".join(plain(reason).split())
    if not words or len(words) > NOTE:
        raise Invalid(fields={"reason": _("Say in at most %(n)s characters why.", n=NOTE)})
    task.state, task.reason = TaskState.DROPPED, words
    task.closed_at, task.closed_by_id = clock.now(), person.id
    _record(verbs.DROP_TASK, person, task)
    _tell(task, "knowledge:task_closed")
    return task


def finish_tasks_answered_by(item: KnowledgeItem, person: Person) -> None:
    """Within the transaction that publishes `item`: what it was written for is done."""
    waiting = select(CollectionTask).where(
        CollectionTask.item_id == item.id, CollectionTask.state == TaskState.OPEN
    )
    for task in db.session.scalars(waiting.with_for_update(of=CollectionTask)):
        _finish(task, person, item)


def open_task_for(question: str) -> CollectionTask | None:
    """The task that asks this, if one is open."""
    return db.session.scalar(
        select(CollectionTask).where(
            func.lower(CollectionTask.question) == question.lower(), CollectionTask.state == TaskState.OPEN
        )
    )


def _finish(task: CollectionTask, person: Person, item: KnowledgeItem) -> None:
    task.state, task.item_id = TaskState.DONE, item.id
    task.closed_at, task.closed_by_id = clock.now(), person.id
    _record(verbs.FINISH_TASK, person, task)
    _tell(task, "knowledge:task_closed")


def _times(words: str) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(SearchLog).where(func.lower(SearchLog.query) == words.lower())
        )
        or 0
    )


def _wrong_words(question: str, note: str) -> dict[str, str]:
    wrong = {}
    if not question:
        wrong["question"] = _("Write what is to be answered.")
    elif len(question) > QUESTION:
        wrong["question"] = _("At most %(n)s characters.", n=QUESTION)
    if len(note) > NOTE:
        wrong["note"] = _("At most %(n)s characters.", n=NOTE)
    return wrong


def _wrong_place(
    department: Department, owner: Person | None, due_on: date, kept: bool = False
) -> dict[str, str]:
    wrong = {}
    if not department.active:
        wrong["department"] = _("This department is closed.")
    if owner is not None and not _may_answer(owner, department):
        wrong["owner"] = _("This person does not write for that department.")
    if not kept and due_on < clock.today():
        wrong["due_on"] = _("This day is past.")
    elif (due_on - clock.today()).days > FARTHEST:
        wrong["due_on"] = _("At most a year from now.")
    return wrong


def _may_answer(owner: Person, department: Department) -> bool:
    return owner.active and (
        owner.has_role(Role.KB_EDITOR) or reaches(owner, department, *DEPARTMENT_WRITERS)
    )


def _open(person: Person, task_id: int) -> CollectionTask:
    """The task, its row locked; Conflict, naming who, if it has been closed."""
    task = db.session.scalar(
        select(CollectionTask)
        .where(CollectionTask.id == task_id)
        .with_for_update(of=CollectionTask)
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise NotFound(_("There is no such task."))
    ensure(person, "knowledge:answer_task", task)
    if task.closed_by is not None:
        raise Conflict(
            _("%(who)s has already closed this task.", who=task.closed_by.name), by=task.closed_by.name
        )
    return task


def _record(verb: str, person: Person, task: CollectionTask) -> None:
    facts = {"task_no": task.task_no, "department": task.department_id, "due_on": str(task.due_on)}
    audit.record(verb, person, ("knowledge_task", task.id), facts)


def _tell(task: CollectionTask, event: str) -> None:
    facts = {"task_no": task.task_no, "question": task.question, "due_on": str(task.due_on)}
    live.tell(f"department:{task.department_id}", event, facts)
    for person_id in {task.owner_id, task.created_by_id} - {None}:
        live.tell(f"person:{person_id}", event, facts)
