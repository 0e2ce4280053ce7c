"""The past stands before the present, in whatever order it is written: lists show the newest number first.

Each day has a span of numbers for cases: the first half is for its history, who works on it goes on in the second.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event, func, select, text

from config import clock
from config.extensions import db
from dispatch.models import Case

SPAN = 20_000
"""More than a day of the largest usual history, and a day of the simulator, need together."""

_EPOCH = date(2000, 1, 1).toordinal()


def begin_after_history() -> None:
    """Let the cases that are registered from now on come after those of today's history."""
    least = _begin_of(clock.today()) + SPAN // 2
    sequence = "pg_get_serial_sequence('\"case\"', 'id')"
    reached = db.session.scalar(text(f"SELECT pg_sequence_last_value({sequence}::regclass)")) or 0
    if reached < least:
        db.session.execute(text(f"SELECT setval({sequence}, :least)"), {"least": least})


@contextmanager
def numbered_as_of(day: date) -> Iterator[None]:
    """The block's cases have the numbers of that day."""
    begin = _begin_of(day)
    taken = db.session.scalar(select(func.max(Case.id)).where(Case.id.between(begin, begin + SPAN - 1)))
    numbers = itertools.count((taken or begin - 1) + 1)

    def number(_mapper: Any, _connection: Any, case: Case) -> None:
        case.id = next(numbers)

    event.listen(Case, "before_insert", number)
    try:
        yield
    finally:
        event.remove(Case, "before_insert", number)


def _begin_of(day: date) -> int:
    return (day.toordinal() - _EPOCH) * SPAN
