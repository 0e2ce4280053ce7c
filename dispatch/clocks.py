"""Clock arithmetic (domain § 3, Clocks): how a limit, a warning and a pause move along the calendar.

Nothing here reads a case or a rule; working days come from the city's calendar, with its make-up days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config import calendar, clock
from dispatch.workflow import CaseState, ClockKind

MINUTES, HOURS, WORKING_DAYS = "minutes", "hours", "working_days"

STATE_CLOCKS: dict[CaseState, tuple[ClockKind, ...]] = {
    CaseState.PENDING_DISPATCH: (ClockKind.DISPATCH,),
    CaseState.DISPATCHED: (ClockKind.SIGN,),
    CaseState.PROCESSING: (ClockKind.HANDLING, ClockKind.REDO),
    CaseState.REPLIED: (ClockKind.REVIEW,),
    CaseState.CALLBACK: (ClockKind.CALLBACK, ClockKind.DECISION),
    CaseState.REDO: (ClockKind.REDO,),
}
"""The clocks a worklist shows for a case in each state: the first of them that runs."""


@dataclass(frozen=True)
class Limit:
    """How long: `amount` minutes or hours, nights and holidays included, or whole working days."""

    amount: int
    unit: str

    def due(self, start: datetime) -> datetime:
        """When it is up. Working days end with the n-th working day after `start`."""
        if self.unit == WORKING_DAYS:
            return calendar.add_working_days(start, self.amount)
        return start + self._span()

    def warn(self, start: datetime) -> datetime:
        """When the yellow card is shown: one working day before due, or for the last quarter of hours."""
        if self.unit != WORKING_DAYS:
            return self.due(start) - self._span() / 4
        if self.amount > 1:
            return calendar.add_working_days(start, self.amount - 1)
        return max(start, self.due(start) - timedelta(hours=12))

    def longest_extension(self, cap: int) -> int:
        """At most the original limit and, in working days, at most `cap` (domain § 3, Clocks)."""
        return min(self.amount, cap) if self.unit == WORKING_DAYS else self.amount

    def shorter(self) -> Limit:
        """Half of it, at least one unit: for who works below or beside the one that answers for it."""
        return Limit(max(1, self.amount // 2), self.unit)

    def _span(self) -> timedelta:
        return timedelta(minutes=self.amount) if self.unit == MINUTES else timedelta(hours=self.amount)


def later(moment: datetime, amount: int, unit: str) -> datetime:
    """A due or warning time moved on by `amount` of `unit`. Working days count from the day that then ends."""
    if unit == WORKING_DAYS:
        last = moment - timedelta(
            microseconds=1
        )  # the end of a day is the midnight with which the next begins
        return calendar.add_working_days(last, amount) if amount else moment
    return moment + (timedelta(minutes=amount) if unit == MINUTES else timedelta(hours=amount))


def after_pause(moment: datetime, paused_at: datetime, resumed_at: datetime, unit: str) -> datetime:
    """`moment` (a due or warning time) moved on by a pause, in the clock's own kind of time."""
    if unit != WORKING_DAYS:
        return moment + (resumed_at - paused_at)
    days = calendar.working_days_between(clock.local(paused_at).date(), clock.local(resumed_at).date())
    return later(moment, max(days, 0), WORKING_DAYS)
