"""The clocks of a case as rows: started, paused and stopped as the table says, with their cards by timer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from config import clock
from config.extensions import db
from config.live import tell
from config.timers import cancel_timer, set_timer, timer_handler
from dispatch.clocks import STATE_CLOCK, after_pause, limit_for
from dispatch.models import CardColour, Case, CaseCard, CaseClock, CaseEvent
from dispatch.workflow import DEPARTMENT_STATES, CaseState, ClockKind, Transition

TIMER = "dispatch.clock"


def apply(case: Case, row: Transition, at: datetime) -> None:
    """Do to the clocks what `row` says, and show the right one on the case."""
    running = {c.kind: c for c in running_clocks(case)} if (row.stops or row.pauses or row.resumes) else {}
    for kind in row.stops:
        if kind in running:
            _stop(running[kind], at)
    for kind in row.pauses:
        if kind in running and running[kind].paused_at is None:
            running[kind].paused_at = at
            cancel_timer(TIMER, running[kind].id)
    for kind in row.resumes:
        if kind in running and running[kind].paused_at is not None:
            _resume(running[kind], at)
    for kind in row.starts:
        start(case, kind, at)
    show(case)


def running_clocks(case: Case) -> list[CaseClock]:
    """Clocks that are not stopped (paused ones too)."""
    return list(
        db.session.scalars(
            select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.stopped_at.is_(None))
        )
    )


def start(case: Case, kind: ClockKind, at: datetime) -> CaseClock:
    """Start a clock by its rule; one of the kind that still runs is stopped first."""
    for clock_row in running_clocks(case) if case.version > 2 else ():
        if clock_row.kind is kind:
            _stop(clock_row, at)
            db.session.flush()
    limit = limit_for(kind, case)
    due = limit.due(at)
    row = CaseClock(
        case_id=case.id,
        kind=kind,
        department_id=case.lead_department_id,
        started_at=at,
        due_at=due,
        warn_at=min(limit.warn(at), due),
        amount=limit.amount,
        unit=limit.unit,
    )
    db.session.add(row)
    db.session.flush()
    set_timer(TIMER, row.id, row.warn_at)
    return row


def extend(case: Case, at: datetime, due_at: datetime) -> None:
    """Move the handling clock's end to `due_at`, with a new warning a working day before."""
    for row in running_clocks(case):
        if row.kind is ClockKind.HANDLING:
            row.warn_at = max(row.warn_at + (due_at - row.due_at), at)
            row.due_at = due_at
            row.extended = True
            set_timer(TIMER, row.id, row.warn_at)
    db.session.flush()


def show(case: Case) -> None:
    """Put the due and warning time of the state's clock on the case, for lists."""
    kind = STATE_CLOCK.get(case.state)
    row = db.session.scalar(
        select(CaseClock)
        .where(
            CaseClock.case_id == case.id,
            CaseClock.kind == kind,
            CaseClock.stopped_at.is_(None),
            CaseClock.paused_at.is_(None),
        )
        .limit(1)
    )
    if kind is ClockKind.HANDLING and row is None and case.state is CaseState.PROCESSING:
        # A case that comes back from review after a redo is still on the redo clock.
        row = next((c for c in running_clocks(case) if c.kind is ClockKind.REDO), None)
    case.clock_kind = row.kind if row else None
    case.due_at = row.due_at if row else None
    case.warn_at = row.warn_at if row else None


def _stop(row: CaseClock, at: datetime) -> None:
    # Handling was done when the reply was released, not when the review of it ended.
    row.stopped_at = row.paused_at or at
    row.paused_at = None
    cancel_timer(TIMER, row.id)


def _resume(row: CaseClock, at: datetime) -> None:
    assert row.paused_at is not None
    row.due_at = after_pause(row.due_at, row.paused_at, at, row.unit)
    row.warn_at = min(after_pause(row.warn_at, row.paused_at, at, row.unit), row.due_at)
    row.paused_for += at - row.paused_at
    row.paused_at = None
    set_timer(TIMER, row.id, row.warn_at if row.warn_at > at else row.due_at)


@timer_handler(TIMER)
def _card(key: str, _payload: dict[str, Any]) -> None:
    """Show the card that is due; after the yellow one the timer waits for the red one."""
    at = clock.now()
    case_id = db.session.scalar(select(CaseClock.case_id).where(CaseClock.id == int(key)))
    if case_id is None:
        return
    # The case first, its clock second: the same order as every deed, so that the two never lock each other out.
    case = db.session.scalar(select(Case).where(Case.id == case_id).with_for_update(of=Case))
    row = db.session.get(CaseClock, int(key), populate_existing=True)
    if case is None or row is None or row.stopped_at is not None or row.paused_at is not None:
        return
    if at >= row.due_at:
        _show_card(case, row, CardColour.RED, at)
        case.overdue_count += 1
    else:
        _show_card(case, row, CardColour.YELLOW, at)
        set_timer(TIMER, row.id, row.due_at)


def _show_card(case: Case, row: CaseClock, colour: CardColour, at: datetime) -> None:
    shown = db.session.scalar(
        select(CaseCard.id).where(CaseCard.clock_id == row.id, CaseCard.colour == colour)
    )
    if shown is None:
        db.session.add(
            CaseCard(
                case_id=case.id, clock_id=row.id, department_id=row.department_id, colour=colour, shown_at=at
            )
        )
        db.session.add(
            CaseEvent(
                case_id=case.id,
                at=at,
                kind="card",
                from_state=case.state.value,
                to_state=case.state.value,
                department_id=row.department_id,
                facts={"card": colour.value, "clock": row.kind.value, "due_at": row.due_at.isoformat()},
            )
        )
    tell(
        f"case:{case.id}",
        "case",
        {"case_no": case.case_no, "state": case.state.value, "version": case.version},
    )
    if case.state in DEPARTMENT_STATES and case.lead_department_id is not None:
        facts = {"case_no": case.case_no, "card": colour.value, "desk": "inbox", "delta": 0}
        tell(f"department:{case.lead_department_id}", "worklist", facts)
    tell("desk:supervision", "worklist", {"case_no": case.case_no, "desk": "supervision", "delta": 0})
