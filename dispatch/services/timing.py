"""The clocks of a case as rows: started, paused and stopped as the table says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from config.extensions import db
from config.timers import cancel_timer, set_timer
from dispatch.clocks import STATE_CLOCKS, after_pause, later
from dispatch.models import Case, CaseClock
from dispatch.rules import limit_for
from dispatch.workflow import FINISHED_STATES, CaseState, ClockKind, Transition

TIMER = "dispatch.clock"
SILENT = frozenset({ClockKind.RETURN})
"""Clocks that only say until when something may be asked: nobody is warned of them."""


def apply(case: Case, row: Transition, at: datetime) -> list[CaseClock]:
    """Do to the clocks what `row` says and show the right one on the case. Returns those whose timers must be set."""
    running = running_clocks(case)
    ended = case.state in FINISHED_STATES or case.state is CaseState.MERGED
    stops = [kind for kind in running if kind is not ClockKind.SUPERVISION] if ended else row.stops
    for kind in stops:
        _stop(case, running.pop(kind, None), at)
    for kind in row.withdraws:
        _withdraw(case, running.pop(kind, None), at)
    for kind in row.pauses:
        _pause(running.get(kind), at)
    moved = [running[kind] for kind in row.resumes if _resume(running.get(kind), at)]
    starts = (
        []
        if ended
        else [kind for kind in row.starts if kind is not ClockKind.CONTACT or case.department_calls]
    )
    shown = STATE_CLOCKS.get(case.state, ())
    alive = {kind for kind, clock_row in running.items() if clock_row.paused_at is None} | set(starts)
    if shown and alive.isdisjoint(shown):
        starts.append(shown[0])  # nobody ever owes a step without a due time
    for kind in starts:
        _stop(case, running.pop(kind, None), at)
        running[kind] = start(case, kind, at)
        moved.append(running[kind])
    _show(case, [running[kind] for kind in shown if kind in running and running[kind].paused_at is None])
    return moved


def running_clocks(case: Case) -> dict[ClockKind, CaseClock]:
    """Clocks that are not stopped (paused ones too), by kind; at most one of each."""
    if case.id is None:
        return {}
    rows = db.session.scalars(
        select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None))
    )
    return {row.kind: row for row in rows}


def start(case: Case, kind: ClockKind, at: datetime) -> CaseClock:
    """A clock by its rule; it becomes a row with the case."""
    limit = limit_for(kind, case)
    due = limit.due(at)
    row = CaseClock(
        case=case,
        kind=kind,
        department_id=case.lead_department_id,
        started_at=at,
        due_at=due,
        warn_at=min(limit.warn(at), due),
        amount=limit.amount,
        unit=limit.unit,
    )
    db.session.add(row)
    if kind is ClockKind.RETURN:
        case.return_until = due
    return row


def extend(case: Case, row: CaseClock, amount: int) -> None:
    """Move the clock's end and its warning by `amount` of its own unit."""
    row.due_at = later(row.due_at, amount, row.unit)
    row.warn_at = later(row.warn_at, amount, row.unit)
    row.extended = True
    set_timers([row])


def set_timers(rows: Iterable[CaseClock]) -> None:
    """Have the clock process show the yellow card when it is time."""
    for row in rows:
        if row.kind not in SILENT:
            set_timer(TIMER, timer_key(row), row.warn_at)


def timer_key(row: CaseClock) -> str:
    """A case has one running clock of a kind."""
    return f"{row.case_id}:{row.kind.value}"


def _show(case: Case, shown: list[CaseClock]) -> None:
    """Put due and warning time of the state's clock on the case, for lists."""
    row = shown[0] if shown else None
    case.clock_kind = row.kind if row else None
    case.due_at = row.due_at if row else case.review_on
    case.warn_at = row.warn_at if row else case.review_on


def _stop(case: Case, row: CaseClock | None, at: datetime) -> None:
    if row is None:
        return
    # Handling was done when the reply was released, not when the review of it ended.
    row.stopped_at = row.paused_at or at
    row.paused_at = None
    if row.kind is ClockKind.RETURN:
        case.return_until = None
    else:
        cancel_timer(TIMER, timer_key(row))


def _withdraw(case: Case, row: CaseClock | None, at: datetime) -> None:
    """Nobody owes it any more; figures do not take that for having done it."""
    _stop(case, row, at)
    if row is not None:
        row.withdrawn = True


def _pause(row: CaseClock | None, at: datetime) -> None:
    if row is not None and row.paused_at is None:
        row.paused_at = at
        cancel_timer(TIMER, timer_key(row))


def _resume(row: CaseClock | None, at: datetime) -> bool:
    if row is None or row.paused_at is None:
        return False
    row.due_at = after_pause(row.due_at, row.paused_at, at, row.unit)
    row.warn_at = min(after_pause(row.warn_at, row.paused_at, at, row.unit), row.due_at)
    row.paused_for += at - row.paused_at
    row.paused_at = None
    return True
