"""How much happens on which day, and when on that day: weekdays, weekends, holidays, storms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config import calendar, clock
from console.demonstration.chance import dice, shares, spread

BY_HOUR = [5, 3, 2, 2, 2, 4, 12, 30, 72, 98, 100, 82, 55, 58, 86, 92, 84, 66, 50, 46, 40, 30, 18, 9]
"""Of 100 calls in the busiest hour: the hours of an ordinary day. The busiest is about a tenth of the day."""

WEEKEND, HOLIDAY, STORM = 0.62, 0.5, 1.45
CALLS_PER_CASE = 1.15


@dataclass(frozen=True)
class Day:
    """A day of history. `rank` 0 is today; `until` is how far it has come, in UTC."""

    date: date
    rank: int
    cases: int
    calls: int
    until: datetime

    @property
    def key(self) -> str:
        return f"{self.date:%Y%m%d}"

    @property
    def hours(self) -> float:
        """How many of its hours have passed, the last twenty minutes left to those who are really there."""
        passed = (self.until - clock.start_of_day(self.date)).total_seconds() / 3600 - 1 / 3
        return max(0.0, min(24.0, passed))

    def moments(self, what: str, count: int) -> Iterator[datetime]:
        """`count` moments of this day, in order."""
        start = clock.start_of_day(self.date)
        for hour in spread(dice(what, self.key), [float(w) for w in BY_HOUR], 0, self.hours, count):
            yield start + timedelta(hours=hour)


def days_of(days: int, cases: int, now: datetime) -> list[Day]:
    """The last `days` days, today's first, with their parts of `cases` cases."""
    today = clock.local(now).date()
    dates = [today - timedelta(days=n) for n in range(days)]
    numbers = shares(cases, [_weight(day, now) for day in dates])
    return [
        Day(day, rank, n, round(n * CALLS_PER_CASE), now)
        for rank, (day, n) in enumerate(zip(dates, numbers, strict=True))
    ]


def _weight(day: date, now: datetime) -> float:
    chance = dice("weather", day)
    weight = chance.uniform(0.9, 1.1) * (STORM if chance.random() < 0.04 else 1.0)
    if not calendar.is_working_day(day):
        weight *= WEEKEND if day.weekday() >= 5 else HOLIDAY
    passed = (now - clock.start_of_day(day)).total_seconds() / 3600
    if passed < 24:  # today: what has come in by now
        weight *= sum(BY_HOUR[: int(passed)]) / sum(BY_HOUR)
    return weight
