"""The one place that knows what time it is, so that tests and the demonstration city can turn it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from config.settings import settings

_turned: ContextVar[datetime | None] = ContextVar("turned_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _turned.get() or datetime.now(UTC)


def is_turned() -> bool:
    """Whether somebody turned the clock: history is being written, nobody is watching live."""
    return _turned.get() is not None


@contextmanager
def turned_to(moment: datetime) -> Iterator[None]:
    """Within the block, `now()` is `moment`. Only this thread of execution sees it."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _turned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _turned.reset(token)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def city_zone() -> ZoneInfo:
    """The zone in which the city lives: of the screen, of days and of working hours."""
    return _zone(settings().city_zone)


def local(moment: datetime) -> datetime:
    """`moment` as the city's wall clocks show it."""
    return moment.astimezone(city_zone())


def today() -> date:
    """The city's date now."""
    return local(now()).date()


def start_of_day(day: date) -> datetime:
    """Midnight with which `day` begins in the city, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=city_zone()).astimezone(UTC)
