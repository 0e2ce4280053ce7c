"""The periods people ask for, from whatever they typed."""

from __future__ import annotations

from datetime import date, timedelta

from config import clock
from reports.kpis import Period

LONGEST = 400
"""Days. A longer period is cut, so that a wrong year does not scan everything."""


def asked_period(first: str | None, last: str | None, days: int = 1) -> tuple[date, date, Period]:
    """The days asked for, ISO dates; what cannot be read is today, or the last `days` days."""
    today = clock.today()
    end = _date(last) or today
    begin = _date(first) or end - timedelta(days=days - 1)
    if begin > end:
        begin, end = end, begin
    if (end - begin).days > LONGEST:
        begin = end - timedelta(days=LONGEST)
    return begin, end, Period.of_days(begin, end)


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
