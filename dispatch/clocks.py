"""Clock arithmetic and rules (domain § 3, Clocks). Rules are rows; the defaults here only fill an empty table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from config import calendar, clock
from config.extensions import db
from dispatch.models import ClockRule
from dispatch.workflow import CaseState, Channel, ClockKind, RequestType, Urgency

MINUTES, HOURS, WORKING_DAYS = "minutes", "hours", "working_days"

STATE_CLOCK: dict[CaseState, ClockKind] = {
    CaseState.PENDING_DISPATCH: ClockKind.DISPATCH,
    CaseState.DISPATCHED: ClockKind.SIGN,
    CaseState.PROCESSING: ClockKind.HANDLING,
    CaseState.REPLIED: ClockKind.REVIEW,
    CaseState.CALLBACK: ClockKind.CALLBACK,
    CaseState.REDO: ClockKind.REDO,
}
"""The clock a worklist shows for a case in each state."""


@dataclass(frozen=True)
class Limit:
    """How long: `amount` minutes or hours of any kind, or whole working days."""

    amount: int
    unit: str

    def due(self, start: datetime) -> datetime:
        """When it is up. Working days end with the n-th working day after `start`."""
        if self.unit == WORKING_DAYS:
            return calendar.add_working_days(start, self.amount)
        return start + self._span()

    def warn(self, start: datetime) -> datetime:
        """When the yellow card is shown: one working day before due, or in the last quarter of hours."""
        if self.unit != WORKING_DAYS:
            return self.due(start) - self._span() / 4
        if self.amount > 1:
            return calendar.add_working_days(start, self.amount - 1)
        return max(start, self.due(start) - timedelta(hours=12))

    def _span(self) -> timedelta:
        return timedelta(minutes=self.amount) if self.unit == MINUTES else timedelta(hours=self.amount)


def after_pause(moment: datetime, paused_at: datetime, resumed_at: datetime, unit: str) -> datetime:
    """`moment` (a due or warning time) moved on by a pause, in the clock's own kind of time."""
    if unit != WORKING_DAYS:
        return moment + (resumed_at - paused_at)
    days = calendar.working_days_between(clock.local(paused_at).date(), clock.local(resumed_at).date())
    last = moment - timedelta(seconds=1)  # a day's end is the next day's midnight
    return calendar.add_working_days(last, days) if days > 0 else moment


class Timed(Protocol):
    """What rules look at."""

    request_type: RequestType
    urgency: Urgency
    channel: Channel


def _rows() -> list[tuple[ClockKind, RequestType | None, Urgency | None, int, str]]:
    c, t, u = ClockKind, RequestType, Urgency
    fast = (t.CONSULT, t.HELP, t.COMPLAINT, t.REPORT)
    return [
        (c.DISPATCH, None, u.CRITICAL, 1, HOURS),
        (c.DISPATCH, None, u.URGENT, 2, HOURS),
        (c.DISPATCH, None, None, 24, HOURS),
        (c.SIGN, None, u.CRITICAL, 15, MINUTES),
        (c.SIGN, None, u.URGENT, 30, MINUTES),
        (c.SIGN, None, None, 1, WORKING_DAYS),
        (c.CONTACT, None, None, 1, WORKING_DAYS),
        (c.HANDLING, t.CONSULT, None, 2, WORKING_DAYS),
        (c.HANDLING, t.HELP, None, 5, WORKING_DAYS),
        (c.HANDLING, t.SUGGESTION, None, 10, WORKING_DAYS),
        (c.HANDLING, t.COMPLAINT, None, 10, WORKING_DAYS),
        (c.HANDLING, t.REPORT, None, 10, WORKING_DAYS),
        (c.HANDLING, None, None, 5, WORKING_DAYS),
        *((c.HANDLING, kind, u.URGENT, 24, HOURS) for kind in fast),
        *((c.HANDLING, kind, u.CRITICAL, 2, HOURS) for kind in (t.HELP, t.COMPLAINT, t.REPORT)),
        (c.HANDLING, t.CONSULT, u.CRITICAL, 24, HOURS),
        (c.REVIEW, None, None, 1, WORKING_DAYS),
        (c.CALLBACK, None, None, 1, WORKING_DAYS),
        (c.REDO, None, None, 3, WORKING_DAYS),
        (c.SUPERVISION, None, None, 3, WORKING_DAYS),
    ]


DEFAULT_RULES = _rows()

_cache: dict[str, tuple[datetime, list[ClockRule]]] = {}
_CACHE_FOR = timedelta(seconds=30)


def limit_for(kind: ClockKind, case: Timed) -> Limit:
    """The limit of the most specific rule: type counts more than urgency, urgency more than channel.

    An urgent case is never slower than its type's normal limit: of the rules that fit, those that name the
    urgency come first.
    """
    fitting = [
        rule
        for rule in _rules()
        if rule.kind is kind
        and rule.request_type in (None, case.request_type)
        and rule.urgency in (None, case.urgency)
        and rule.channel in (None, case.channel)
    ]
    if not fitting:
        raise LookupError(f"no rule for the {kind.value} clock: run ./manage cases reference")
    best = max(
        fitting,
        key=lambda r: (r.urgency is not None, r.request_type is not None, r.channel is not None),
    )
    return Limit(best.amount, best.unit)


def _rules() -> list[ClockRule]:
    """All rules, kept for half a minute: every deed asks for them and an administrator changes them twice a year."""
    from datetime import UTC

    from config.settings import settings

    key, at = settings().database_url, datetime.now(UTC)
    kept = _cache.get(key)
    if kept is None or at - kept[0] > _CACHE_FOR or not kept[1]:
        rules = list(db.session.scalars(select(ClockRule)))
        for rule in rules:
            db.session.expunge(rule)
        kept = _cache[key] = (at, rules)
    return kept[1]


def forget_rules() -> None:
    """Look at the table again on the next question."""
    _cache.clear()
