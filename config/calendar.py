"""Working days with make-up days (调休), and working time.

A row exists only for a day that differs from Monday-to-Friday: a holiday on a weekday, a make-up working day
on a weekend. `./manage calendar seed` fills the years the chinesecalendar package knows (State Council notices);
`./manage calendar day` changes one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.errors import Refused
from config.extensions import db
from config.settings import settings
from config.transaction import transactional


class CalendarDay(db.Model):  # type: ignore[name-defined]
    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(String(80), default="")


_cache: dict[str, tuple[datetime, dict[date, bool]]] = {}
_CACHE_FOR = timedelta(seconds=60)


def _exceptions() -> dict[date, bool]:
    """Every exceptional day. A few dozen rows a year, so they are kept for a minute."""
    key = settings().database_url
    kept = _cache.get(key)
    real_now = datetime.now(UTC)
    if kept is None or real_now - kept[0] > _CACHE_FOR:
        rows = db.session.execute(select(CalendarDay.day, CalendarDay.working))
        days = {row.day: row.working for row in rows}
        kept = _cache[key] = (real_now, days)
    return kept[1]


def forget_cache() -> None:
    """Look at the table again on the next question."""
    _cache.clear()


def is_working_day(day: date) -> bool:
    """Whether government offices work on `day`."""
    return _exceptions().get(day, day.weekday() < 5)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def end_of_day(day: date) -> datetime:
    """The moment `day` ends in the city, in UTC (the midnight that follows it)."""
    return clock.start_of_day(day + timedelta(days=1))


def add_working_days(moment: datetime, days: int) -> datetime:
    """The end of the `days`-th working day after the city's day of `moment` (domain § 3, Clocks)."""
    day = clock.local(moment).date()
    for _ in range(days):
        day = next_working_day(day)
    return end_of_day(day)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end` (negative when `end` is earlier)."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)


@transactional
def set_day(day: date, working: bool, note: str = "") -> None:
    """Make `day` a working day or a day off; a day that follows the weekday rule needs no row."""
    row = db.session.get(CalendarDay, day)
    if working == (day.weekday() < 5) and not note:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(CalendarDay(day=day, working=working, note=note))
    else:
        row.working, row.note = working, note
    forget_cache()


@transactional
def seed_year(year: int) -> int:
    """Fill `year` from published notices without touching days that were set by hand. Returns new rows."""
    import chinese_calendar

    rows = []
    day = date(year, 1, 1)
    while day.year == year:
        try:
            working = chinese_calendar.is_workday(day)
        except NotImplementedError as error:
            raise Refused(
                f"make-up working days of {year} are not published in chinesecalendar yet"
            ) from error
        if working != (day.weekday() < 5):
            _on, name = chinese_calendar.get_holiday_detail(day)
            rows.append({"day": day, "working": working, "note": name or ""})
        day += timedelta(days=1)
    forget_cache()
    if not rows:
        return 0
    added = insert(CalendarDay).values(rows).on_conflict_do_nothing().returning(CalendarDay.day)
    return len(db.session.execute(added).all())
