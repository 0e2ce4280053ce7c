"""Where figures come from: which rows belong to a period, to a department's part of the tree, and to one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Department, Person
from dispatch.models import Assignment, AssignmentRole, Callback, Case, CaseClock, CaseEvent
from dispatch.workflow import Action, ClockKind
from hotline.models import AgentStateChange, Call, MissedCall
from hotline.words import Direction
from knowledge_base.models import (
    CollectionTask,
    KnowledgeCorrection,
    KnowledgeItem,
    KnowledgeUse,
    KnowledgeVersion,
    SearchLog,
)
from knowledge_base.words import SearchOrigin


@dataclass(frozen=True)
class Source:
    """Rows with a moment. `restrict` narrows them to the departments under a path, `person` holds whose work a row is;
    None where that has no meaning. `with_its_end`: a row whose moment is the end of the period belongs to it."""

    name: str
    moment: Any
    rows: Callable[[Select[Any]], Select[Any]]
    restrict: Callable[[Select[Any], str], Select[Any]] | None = None
    person: Any = None
    with_its_end: bool = False

    def select(
        self,
        expressions: Sequence[ColumnElement[Any]],
        start: datetime,
        end: datetime,
        path: str | None = None,
        person_id: int | None = None,
    ) -> Select[Any] | None:
        """One statement for all `expressions` over [start, end), or (start, end]. None if `path` or `person_id` has no
        meaning here."""
        within = (
            (self.moment > start, self.moment <= end)
            if self.with_its_end
            else (self.moment >= start, self.moment < end)
        )
        statement = self.rows(select(*expressions)).where(*within)
        if person_id is not None:
            if self.person is None:
                return None
            statement = statement.where(self.person == person_id)
        if path is None:
            return statement
        return self.restrict(statement, path) if self.restrict else None


def _under(column: Any) -> Callable[[Select[Any], str], Select[Any]]:
    def restrict(statement: Select[Any], path: str) -> Select[Any]:
        below = aliased(Department)
        ids = select(below.id).where(below.path.startswith(path, autoescape=True))
        return statement.where(column.in_(ids))

    return restrict


def _clock_source(kind: ClockKind) -> Source:
    """A working day's limit ends at the midnight with which the next day begins, and is due on the day it ends."""
    return Source(
        f"clock:{kind.value}",
        CaseClock.due_at,
        lambda s: (
            s.select_from(CaseClock).join(Case, Case.id == CaseClock.case_id).where(CaseClock.kind == kind)
        ),
        _under(CaseClock.department_id),
        with_its_end=True,
    )


def _deed_source(name: str, *actions: Action) -> Source:
    return Source(
        name,
        CaseEvent.at,
        lambda s: s.select_from(CaseEvent).where(CaseEvent.action.in_(actions)),
        person=CaseEvent.person_id,
    )


CALLS = Source(
    "calls",
    Call.arrived_at,
    lambda s: s.select_from(Call).where(Call.direction == Direction.IN, ~Call.led_elsewhere),
    person=Call.agent_id,
)
CALLS_OUT = Source(
    "calls_out",
    Call.arrived_at,
    lambda s: s.select_from(Call).where(Call.direction == Direction.OUT, ~Call.led_elsewhere),
    person=Call.agent_id,
)
AGENT_TIME = Source(
    "agent_time",
    AgentStateChange.from_at,
    lambda s: s.select_from(AgentStateChange),
    person=AgentStateChange.agent_id,
)
MISSED = Source("missed", MissedCall.first_missed_at, lambda s: s.select_from(MissedCall))
REGISTERED = Source(
    "registered",
    Case.registered_at,
    lambda s: s.select_from(Case),
    _under(Case.lead_department_id),
    Case.registered_by_id,
)
CLOSED = Source("closed", Case.closed_at, lambda s: s.select_from(Case), _under(Case.lead_department_id))
DISPATCHED = Source(
    "dispatched",
    Assignment.assigned_at,
    lambda s: (
        s.select_from(Assignment)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.role == AssignmentRole.LEAD)
    ),
    _under(Assignment.department_id),
)
"""Each time a case was sent to a lead department: what comes back counts for who gave it back, on its first day."""
DISPATCHES = _deed_source("dispatches", Action.DISPATCH)
REVIEWS = _deed_source("reviews", Action.PASS_REPLY, Action.FAIL_REPLY)
DUE_TO_SIGN = _clock_source(ClockKind.SIGN)
DUE_TO_CONTACT = _clock_source(ClockKind.CONTACT)
DUE_TO_CLOSE = _clock_source(ClockKind.HANDLING)
CALLBACKS = Source(
    "callbacks",
    Callback.at,
    lambda s: s.select_from(Callback).join(Case, Case.id == Callback.case_id),
    _under(Case.lead_department_id),
    Callback.person_id,
)

# -- the knowledge base: searches count for the department of who searched, all else for that of the shelf

KNOWLEDGE_SEARCHES = Source(
    "knowledge_searches",
    SearchLog.at,
    lambda s: s.select_from(SearchLog).join(Person, Person.id == SearchLog.person_id),
    _under(Person.department_id),
)
KNOWLEDGE_PUBLIC_SEARCHES = Source(
    "knowledge_public_searches",
    SearchLog.at,
    lambda s: s.select_from(SearchLog).where(SearchLog.origin == SearchOrigin.PUBLIC),
)
USED_OF = func.coalesce(KnowledgeUse.department_id, KnowledgeItem.department_id)
"""Whose knowledge was used: the department of a directory's entry, or that of the item's shelf."""
KNOWLEDGE_USES = Source(
    "knowledge_uses",
    KnowledgeUse.at,
    lambda s: s.select_from(KnowledgeUse).outerjoin(KnowledgeItem, KnowledgeItem.id == KnowledgeUse.item_id),
    _under(USED_OF),
)
KNOWLEDGE_CLICKS = Source(
    "knowledge_clicks",
    KnowledgeUse.at,
    lambda s: KNOWLEDGE_USES.rows(s).where(
        KnowledgeUse.search_id.is_not(None), KnowledgeUse.rank.is_not(None)
    ),
    _under(USED_OF),
)
KNOWLEDGE_PUBLISHED = Source(
    "knowledge_published",
    KnowledgeVersion.published_at,
    lambda s: s.select_from(KnowledgeVersion).join(
        KnowledgeItem, KnowledgeItem.id == KnowledgeVersion.item_id
    ),
    _under(KnowledgeItem.department_id),
)
KNOWLEDGE_REPORTED = Source(
    "knowledge_reported",
    KnowledgeCorrection.at,
    lambda s: s.select_from(KnowledgeCorrection).join(
        KnowledgeItem, KnowledgeItem.id == KnowledgeCorrection.item_id
    ),
    _under(KnowledgeItem.department_id),
)
KNOWLEDGE_ANSWERED = Source(
    "knowledge_answered", KnowledgeCorrection.settled_at, KNOWLEDGE_REPORTED.rows, KNOWLEDGE_REPORTED.restrict
)
KNOWLEDGE_TASKS = Source(
    "knowledge_tasks",
    CollectionTask.created_at,
    lambda s: s.select_from(CollectionTask),
    _under(CollectionTask.department_id),
)
KNOWLEDGE_TASKS_CLOSED = Source(
    "knowledge_tasks_closed", CollectionTask.closed_at, KNOWLEDGE_TASKS.rows, KNOWLEDGE_TASKS.restrict
)
