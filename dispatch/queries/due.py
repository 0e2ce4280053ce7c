"""When a case's running clock ends, as desks, searches and the board ask for it: one definition for all."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.sql.elements import ColumnElement

from config import calendar, clock
from config.words import Hue, Word
from dispatch.models import Case


class Due(Word):
    """A case is in neither while its clocks stand still or end on a later day."""

    OVERDUE = "overdue", _l("Overdue"), Hue.LATE
    TODAY = "today", _l("Due today"), Hue.WAITING


def is_due(due: Due, at: datetime | None = None) -> ColumnElement[bool]:
    """Cases whose soonest clock has ended (OVERDUE), or ends before the city's next midnight (TODAY)."""
    at = at or clock.now()
    if due is Due.OVERDUE:
        return Case.due_at <= at
    return and_(Case.due_at > at, Case.due_at <= calendar.end_of_day(clock.local(at).date()))
