"""What stands on the shelves and waits, as of now: each figure is the length of a list that can be opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, exists, func, select

from accounts.models import Department
from config import clock
from config.extensions import db
from config.words import Hue
from knowledge_base.models import (
    CollectionTask,
    KnowledgeCorrection,
    KnowledgeItem,
    KnowledgeUse,
    KnowledgeVersion,
    in_force_on,
    superseded_on,
)
from knowledge_base.queries import SOON
from knowledge_base.words import ItemState, TaskState


@dataclass(frozen=True)
class Standing:
    """`rows(entity columns)` selects what is counted; `department` is the column it belongs to a department by."""

    code: str
    name: Any
    formula: Any
    rows: Callable[..., Select[Any]]
    department: Any
    hue: Hue = Hue.QUIET


def _versions(*where: Callable[[], ColumnElement[bool]]) -> Callable[..., Select[Any]]:
    def rows(*columns: Any) -> Select[Any]:
        return (
            select(*columns)
            .select_from(KnowledgeVersion)
            .join(KnowledgeItem, KnowledgeItem.id == KnowledgeVersion.item_id)
            .where(*(condition() for condition in where))
        )

    return rows


def _corrections(*where: Callable[[], ColumnElement[bool]]) -> Callable[..., Select[Any]]:
    def rows(*columns: Any) -> Select[Any]:
        return (
            select(*columns)
            .select_from(KnowledgeCorrection)
            .join(KnowledgeItem, KnowledgeItem.id == KnowledgeCorrection.item_id)
            .where(KnowledgeCorrection.settled_at.is_(None), *(condition() for condition in where))
        )

    return rows


def _tasks(*where: Callable[[], ColumnElement[bool]]) -> Callable[..., Select[Any]]:
    def rows(*columns: Any) -> Select[Any]:
        still_open = CollectionTask.state == TaskState.OPEN
        return (
            select(*columns)
            .select_from(CollectionTask)
            .where(still_open, *(condition() for condition in where))
        )

    return rows


def in_force() -> ColumnElement[bool]:
    """Valid today."""
    return in_force_on(clock.today())


def _stock() -> ColumnElement[bool]:
    return (KnowledgeVersion.state == ItemState.PUBLISHED) & ~superseded_on(clock.today())


def _ends_soon() -> ColumnElement[bool]:
    return KnowledgeVersion.expires_on.between(clock.today(), clock.today() + SOON)


def _review_is_due() -> ColumnElement[bool]:
    return KnowledgeVersion.review_due_on < clock.today()


def _never_used() -> ColumnElement[bool]:
    return ~exists(select(KnowledgeUse.id).where(KnowledgeUse.item_id == KnowledgeVersion.item_id))


def _read_doubtfully() -> ColumnElement[bool]:
    return func.cardinality(KnowledgeVersion.doubts) > 0


_SHELF, _TASK = KnowledgeItem.department_id, CollectionTask.department_id
STANDING: dict[str, Standing] = {
    one.code: one
    for one in (
        Standing("valid", _l("Valid items"), _l("published and in force today"), _versions(in_force), _SHELF),
        Standing(
            "stale", _l("Review overdue"),
            _l("published, not taken over from, and not read again by the day it was due"),
            _versions(_stock, _review_is_due), _SHELF, Hue.LATE,
        ),
        Standing(
            "doubtful", _l("Read without certainty"),
            _l("published by an import that was not certain of the title or of the first day, and not looked at since"),
            _versions(_stock, _read_doubtfully), _SHELF, Hue.WAITING,
        ),
        Standing(
            "expiring", _l("Ending within 30 days"), _l("in force today, with a last day within 30 days"),
            _versions(in_force, _ends_soon), _SHELF, Hue.WAITING,
        ),
        Standing(
            "unused", _l("Never used"), _l("in force today, and never opened from a search, quoted, copied or sent"),
            _versions(in_force, _never_used), _SHELF,
        ),
        Standing(
            "corrections", _l("Open corrections"), _l("reports of readers that nobody has answered"),
            _corrections(), _SHELF, Hue.WAITING,
        ),
        Standing(
            "corrections_late", _l("Late corrections"), _l("open corrections past their day"),
            _corrections(lambda: KnowledgeCorrection.due_on < clock.today()), _SHELF, Hue.LATE,
        ),
        Standing("tasks", _l("Open collection tasks"), _l("collection tasks neither answered nor dropped"),
                 _tasks(), _TASK, Hue.WAITING),
        Standing(
            "tasks_late", _l("Late collection tasks"), _l("open collection tasks past their day"),
            _tasks(lambda: CollectionTask.due_on < clock.today()), _TASK, Hue.LATE,
        ),
    )
}  # fmt: skip


def within(column: Any, path: str | None) -> list[ColumnElement[bool]]:
    """The condition that narrows to the departments under `path`; none for the whole city."""
    if path is None:
        return []
    below = select(Department.id).where(Department.path.startswith(path, autoescape=True))
    return [column.in_(below)]


def standing(path: str | None = None) -> dict[str, int]:
    """Each figure by its code, of the departments under `path`."""
    counts = [
        one.rows(func.count()).where(*within(one.department, path)).scalar_subquery().label(code)
        for code, one in STANDING.items()
    ]
    return dict(db.session.execute(select(*counts)).one()._mapping)


def standing_by_department(ids: list[int]) -> dict[int, dict[str, int]]:
    """The same figures for each of the departments `ids` itself, without those below it."""
    found: dict[int, dict[str, int]] = {key: dict.fromkeys(STANDING, 0) for key in ids}
    for code, one in STANDING.items():
        rows = one.rows(one.department.label("department_id"), func.count().label("n"))
        for row in db.session.execute(rows.where(one.department.in_(ids)).group_by(one.department)):
            found[row.department_id][code] = row.n
    return found
