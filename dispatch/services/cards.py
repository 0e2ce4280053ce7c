"""What happens when a clock is nearly up, and when it is: yellow and red cards, alerts, proposals to supervise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from config import calendar, clock
from config.extensions import db
from config.live import tell
from config.periodic import periodic
from config.timers import set_timer, timer_handler
from config.transaction import transactional
from dispatch.models import CardColour, Case, CaseCard, CaseClock, CaseEvent
from dispatch.services.timing import TIMER
from dispatch.workflow import CaseState, ClockKind, NoticeCause

NO_PROGRESS_AFTER = 5
"""Working days without an event after which a case in handling counts as long-running."""


@timer_handler(TIMER)
def _clock_due(key: str, _payload: dict[str, Any]) -> None:
    """Show the card that is due; after the yellow one the timer waits for the red one."""
    case_id, _colon, kind = key.partition(":")
    at = clock.now()
    # The case first, its clock second: the same order as every deed, so that the two never lock each other out.
    case = db.session.scalar(select(Case).where(Case.id == int(case_id)).with_for_update(of=Case))
    row = db.session.scalar(
        select(CaseClock).where(
            CaseClock.case_id == int(case_id),
            CaseClock.kind == ClockKind(kind),
            CaseClock.stopped_at.is_(None),
            CaseClock.paused_at.is_(None),
        )
    )
    if case is None or row is None:
        return
    if at < row.warn_at:  # moved meanwhile
        set_timer(TIMER, key, row.warn_at)
    elif at < row.due_at:
        _show_card(case, row, CardColour.YELLOW, at)
        set_timer(TIMER, key, row.due_at)
    else:
        _show_card(case, row, CardColour.RED, at)
        case.overdue_count += 1
        if row.kind in (ClockKind.HANDLING, ClockKind.REDO, ClockKind.SUPERVISION) and not case.open_notice:
            case.proposed_notice = NoticeCause.OVERDUE


def _show_card(case: Case, row: CaseClock, colour: CardColour, at: datetime) -> None:
    card = insert(CaseCard).values(
        case_id=case.id, clock_id=row.id, department_id=row.department_id, colour=colour, shown_at=at
    )
    if db.session.execute(card.on_conflict_do_nothing().returning(CaseCard.id)).first() is None:
        return
    db.session.add(
        CaseEvent(
            case_id=case.id,
            at=at,
            kind="card",
            from_state=case.state,
            to_state=case.state,
            department_id=row.department_id,
            facts={"card": colour.value, "clock": row.kind.value, "due_at": row.due_at.isoformat()},
        )
    )
    facts = {"case_no": case.case_no, "card": colour.value, "clock": row.kind.value, "delta": 0}
    tell(f"case:{case.id}", "case", {**facts, "state": case.state.value, "version": case.version})
    if case.lead_department_id is not None:
        tell(f"department:{case.lead_department_id}", "worklist", {**facts, "desk": "inbox"})
    if colour is CardColour.RED:
        tell("desk:supervision", "worklist", {**facts, "desk": "supervision"})


@periodic("10 6 * * *", "dispatch.propose_supervision")
@transactional
def propose_supervision() -> int:
    """Propose a notice for cases in handling that nobody touched for long. Returns how many are new."""
    day = clock.today()
    missing = NO_PROGRESS_AFTER
    while missing > 0:
        day -= timedelta(days=1)
        missing -= calendar.is_working_day(day)
    found = db.session.execute(
        update(Case)
        .where(
            Case.state.in_((CaseState.PROCESSING, CaseState.REDO)),
            Case.changed_at < clock.start_of_day(day),
            Case.proposed_notice.is_(None),
            Case.open_notice == text("false"),
        )
        .values(proposed_notice=NoticeCause.NO_PROGRESS, long_running=True)
        .returning(Case.id)
    ).all()
    if found:
        tell("desk:supervision", "worklist", {"desk": "supervision", "delta": len(found)})
    return len(found)
