"""The lists of the knowledge monitor: what is asked in vain, and what lies on the shelves unused, stale or ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, Subquery, exists, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models import Department, Person
from config import clock
from config.words import Hue, Word
from knowledge_base.models import (
    CollectionTask,
    KnowledgeCorrection,
    KnowledgeItem,
    KnowledgeUse,
    KnowledgeVersion,
    SearchLog,
)
from knowledge_base.words import Doubt, ItemState, SearchOrigin, TaskState, UseKind
from reports.knowledge_stock import STANDING, within
from reports.kpis import Period
from reports.kpis.knowledge import followed, found_something


class View(Word):
    """What the monitor shows."""

    OVERVIEW = "overview", _l("Overview"), Hue.QUIET
    EMPTY = "empty", _l("Without result"), Hue.QUIET
    UNFOLLOWED = "unfollowed", _l("Not followed"), Hue.QUIET
    USED = "used", _l("Most used"), Hue.QUIET
    UNUSED = "unused", _l("Never used"), Hue.QUIET
    STALE = "stale", _l("Review overdue"), Hue.QUIET
    DOUBTFUL = "doubtful", _l("Read without certainty"), Hue.QUIET
    EXPIRING = "expiring", _l("Ending within 30 days"), Hue.QUIET
    CORRECTIONS = "corrections", _l("Open corrections"), Hue.QUIET
    DEPARTMENTS = "departments", _l("By department"), Hue.QUIET


SEARCHES = (View.EMPTY, View.UNFOLLOWED)


@dataclass(frozen=True)
class Listing:
    """A list to be paged: `keys` are unique together and stand in the address of a page."""

    statement: Select[Any]
    keys: Sequence[ColumnElement[Any]]


def listing(view: View, period: Period, path: str | None, origin: SearchOrigin | None = None) -> Listing:
    """The rows of `view`, of the departments under `path`; of searches, those typed at `origin`."""
    if view in SEARCHES:
        return _searches(view, period, path, origin)
    return _LISTINGS[view](view, period, path)


def _searches(view: View, period: Period, path: str | None, origin: SearchOrigin | None) -> Listing:
    """Searches put together by their words, whatever the letters' case, the most frequent first.

    What citizens follow on the public pages is not kept, so their searches are not among those nobody followed.
    """
    words = func.lower(SearchLog.query)
    of_staff = SearchLog.origin != SearchOrigin.PUBLIC
    vain = ~found_something if view is View.EMPTY else found_something & ~followed & of_staff
    if origin is not None:
        vain &= SearchLog.origin == origin
    grouped = (
        select(
            func.min(SearchLog.query).label("query"),
            words.label("words"),
            func.count().label("times"),
            func.count(SearchLog.person_id.distinct()).label("people"),
            func.max(SearchLog.at).label("last_at"),
        )
        .outerjoin(Person, Person.id == SearchLog.person_id)
        .where(SearchLog.at >= period.start, SearchLog.at < period.end, vain)
        .where(*within(Person.department_id, path))
        .group_by(words)
        .subquery()
    )
    newest = _newest_task()
    statement = select(
        grouped.c.query, grouped.c.words, grouped.c.times, grouped.c.people, grouped.c.last_at,
        newest.c.task_id, newest.c.task_state,
    ).outerjoin(newest, newest.c.words == grouped.c.words)  # fmt: skip
    return Listing(statement, [grouped.c.times.desc(), grouped.c.words.asc()])


def _newest_task() -> Subquery:
    """The last task that asks a question."""
    words = func.lower(CollectionTask.question)
    newest = select(func.max(CollectionTask.id)).group_by(words)
    return (
        select(
            words.label("words"),
            CollectionTask.id.label("task_id"),
            CollectionTask.state.label("task_state"),
        )
        .where(CollectionTask.id.in_(newest))
        .subquery()
    )


_FACTS: tuple[Any, ...] = (
    KnowledgeVersion.id.label("id"),
    KnowledgeVersion.item_id,
    KnowledgeItem.item_no,
    KnowledgeVersion.title,
    KnowledgeVersion.kind,
    func.coalesce(func.nullif(Department.short_name, ""), Department.name).label("department"),
    KnowledgeVersion.published_at,
    KnowledgeVersion.review_due_on,
    KnowledgeVersion.effective_on,
    KnowledgeVersion.expires_on,
    func.array_to_string(KnowledgeVersion.doubts, ",").label("doubts"),
    Person.name.label("owner"),
)


def _with_names(rows: Select[Any]) -> Select[Any]:
    return rows.join(Department, Department.id == KnowledgeItem.department_id).join(
        Person, Person.id == KnowledgeItem.owner_id
    )


def _standing(view: View, _period: Period, path: str | None) -> Listing:
    one = STANDING[view.value]
    by: dict[View, ColumnElement[Any]] = {
        View.STALE: KnowledgeVersion.review_due_on.asc(),
        View.EXPIRING: KnowledgeVersion.expires_on.asc(),
        View.DOUBTFUL: KnowledgeVersion.published_at.asc(),
        View.UNUSED: KnowledgeVersion.published_at.asc(),
    }
    statement = _with_names(one.rows(*_FACTS)).where(*within(one.department, path))
    return Listing(statement, [by[view], KnowledgeVersion.id.asc()])


def _used(_view: View, period: Period, path: str | None) -> Listing:
    """Items by how often they were used in the period; each shown by the title it has now."""
    used = (
        select(
            KnowledgeUse.item_id,
            func.count().filter(KnowledgeUse.kind != UseKind.OPENED).label("times"),
            func.count().filter(KnowledgeUse.kind == UseKind.OPENED).label("opened"),
        )
        .where(KnowledgeUse.at >= period.start, KnowledgeUse.at < period.end)
        .group_by(KnowledgeUse.item_id)
        .subquery()
    )
    one = aliased(KnowledgeVersion)
    newest = (
        select(one.id)
        .where(one.item_id == used.c.item_id, one.published_at.is_not(None))
        .order_by((one.state == ItemState.PUBLISHED).desc(), one.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        select(*_FACTS, used.c.times, used.c.opened)
        .select_from(used)
        .join(KnowledgeItem, KnowledgeItem.id == used.c.item_id)
        .join(KnowledgeVersion, KnowledgeVersion.id == newest)
    )
    statement = _with_names(rows).where(*within(KnowledgeItem.department_id, path))
    return Listing(statement, [used.c.times.desc(), used.c.opened.desc(), KnowledgeVersion.id.desc()])


def _corrections(_view: View, _period: Period, path: str | None) -> Listing:
    columns = (
        KnowledgeCorrection.id.label("id"),
        KnowledgeCorrection.item_id,
        KnowledgeItem.item_no,
        KnowledgeCorrection.text,
        KnowledgeCorrection.state,
        KnowledgeCorrection.at,
        KnowledgeCorrection.due_on,
        func.coalesce(func.nullif(Department.short_name, ""), Department.name).label("department"),
        Person.name.label("owner"),
    )
    statement = (
        STANDING["corrections"]
        .rows(*columns)
        .join(Department, Department.id == KnowledgeItem.department_id)
        .outerjoin(Person, Person.id == KnowledgeCorrection.owner_id)
        .where(*within(KnowledgeItem.department_id, path))
    )
    return Listing(statement, [KnowledgeCorrection.due_on.asc(), KnowledgeCorrection.id.asc()])


def _departments(_view: View, _period: Period, path: str | None) -> Listing:
    """Departments that have a shelf or were ever asked for an answer, in the order of the tree."""
    holds = exists(select(KnowledgeItem.id).where(KnowledgeItem.department_id == Department.id))
    asked = exists(select(CollectionTask.id).where(CollectionTask.department_id == Department.id))
    columns: tuple[Any, ...] = (Department.id.label("id"), Department.path, Department.name)
    statement = select(*columns).where(or_(holds, asked), *within(Department.id, path))
    return Listing(statement, [Department.path.asc(), Department.id.asc()])


_LISTINGS: dict[View, Callable[[View, Period, str | None], Listing]] = {
    View.USED: _used,
    View.UNUSED: _standing,
    View.STALE: _standing,
    View.DOUBTFUL: _standing,
    View.EXPIRING: _standing,
    View.CORRECTIONS: _corrections,
    View.DEPARTMENTS: _departments,
}


def head(view: View) -> list[str]:
    """The columns of a list as a table to take away."""
    if view in SEARCHES:
        return [_("Words searched for"), _("Times"), _("Searchers"), _("Last"), _("Collection task")]
    if view is View.CORRECTIONS:
        return [
            _("Item number"),
            _("What is wrong"),
            _("Department"),
            _("Owner"),
            _("Reported at"),
            _("Due on"),
        ]
    facts = [_("Item number"), _("Title"), _("Kind"), _("Department"), _("Owner"), _("Published at")]
    if view is View.USED:
        return [*facts, _("Used"), _("Opened")]
    if view is View.DOUBTFUL:
        return [*facts, _("Not certain"), _("Valid from")]
    return [*facts, _("Review due"), _("Valid until")]


def cells(view: View, row: Any) -> list[Any]:
    """One row under `head`."""
    if view in SEARCHES:
        task = f"C{row.task_id:06d} {TaskState(row.task_state).label}" if row.task_id else ""
        return [row.query, row.times, row.people, row.last_at, task]
    if view is View.CORRECTIONS:
        return [row.item_no, row.text, row.department, row.owner, row.at, row.due_on]
    facts = [row.item_no, row.title, row.kind.label, row.department, row.owner, row.published_at]
    if view is View.USED:
        return [*facts, row.times, row.opened]
    if view is View.DOUBTFUL:
        return [*facts, doubted(row), row.effective_on]
    return [*facts, row.review_due_on, row.expires_on]


def doubted(row: Any) -> str:
    """What an import was not certain of, in words."""
    return "，".join(Doubt(name).label for name in row.doubts.split(",") if name)


def overdue(row: Any) -> bool:
    """Whether a correction is past its day."""
    return bool(row.due_on <= clock.today() - timedelta(days=1))
