"""Time passes for a case: its clocks strike when they are due, as they would have."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from config import clock
from config.extensions import db
from config.timers import Timer, run_due_timers
from dispatch.models import Case
from dispatch.services.timing import TIMER
from dispatch.workflow import ClockKind


def pass_until(case: Case, moment: datetime) -> None:
    """Show the cards of `case` that fall due up to `moment`, each at its own time."""
    keys = [f"{case.id}:{kind.value}" for kind in ClockKind]
    soonest = select(func.min(Timer.due_at)).where(Timer.kind == TIMER, Timer.key.in_(keys))
    while (due := db.session.scalar(soonest)) is not None and due <= moment:
        with clock.turned_to(due):
            run_due_timers(limit=1, until=due)


def forget_telephone_timers(until: datetime) -> None:
    """Rings, welcomes and wrap-ups of calls that are over: their timers would look, and do nothing."""
    db.session.execute(delete(Timer).where(Timer.kind.startswith("hotline."), Timer.due_at < until))
