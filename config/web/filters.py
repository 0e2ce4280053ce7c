"""How times, durations, numbers and telephones are written on pages."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from config import clock
from config.phones import format_phone, mask_phone
from config.words import Word


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        when=when,
        when_full=when_full,
        iso=iso,
        day=day,
        time=time_element,
        ago=ago,
        duration=duration,
        clock_time=clock_time,
        phone=lambda number: format_phone(number) if number else "",
        mask_phone=mask_phone,
        percent=percent,
        number=number,
        word=lambda value, words: words(value).label,
    )
    app.jinja_env.globals.update(now=clock.now, today=clock.today)
    app.jinja_env.tests["word"] = lambda value: isinstance(value, Word)


def time_element(moment: datetime | None) -> Markup | str:
    """A `<time>` that shows the short form and tells the exact one on hover."""
    if moment is None:
        return ""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        iso(moment), when_full(moment), when(moment)
    )


def when(moment: datetime | None) -> str:
    """`10:42` today, `11-22 10:42` this year, `2025-11-22 10:42` before."""
    if moment is None:
        return ""
    there, day = clock.local(moment), clock.today()
    if there.date() == day:
        return there.strftime("%H:%M")
    return there.strftime("%m-%d %H:%M" if there.year == day.year else "%Y-%m-%d %H:%M")


def when_full(moment: datetime | date | None) -> str:
    """`2026-11-23 10:42:07`, the city's time."""
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return clock.local(moment).strftime("%Y-%m-%d %H:%M:%S")


def day(moment: datetime | None) -> str:
    """The city's day, `2026-11-23`."""
    return clock.local(moment).date().isoformat() if moment else ""


def iso(moment: datetime | None) -> str:
    """For `datetime=` attributes."""
    return moment.isoformat() if moment else ""


def ago(moment: datetime | None) -> str:
    """`3 hours 20 minutes ago`, in two units at most."""
    if moment is None:
        return ""
    seconds = (clock.now() - moment).total_seconds()
    if seconds < 60:
        return _("just now")
    return _("%(duration)s ago", duration=duration(seconds))


def duration(seconds: float | None) -> str:
    """`2 days 3 hours`, `3 hours 20 minutes`, `45 seconds`: the two largest units."""
    if seconds is None:
        return ""
    left = int(abs(seconds))
    days, left = divmod(left, 86400)
    hours, left = divmod(left, 3600)
    minutes, secs = divmod(left, 60)
    parts = [
        ngettext("%(num)s day", "%(num)s days", days) if days else "",
        ngettext("%(num)s hour", "%(num)s hours", hours) if hours else "",
        ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else "",
        ngettext("%(num)s second", "%(num)s seconds", secs) if not (days or hours or minutes) else "",
    ]
    return " ".join([part for part in parts if part][:2])


def clock_time(seconds: float | None) -> str:
    """`02:31` or `1:02:31`, as a running clock shows it."""
    if seconds is None:
        return ""
    hours, left = divmod(int(seconds), 3600)
    minutes, secs = divmod(left, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"


def percent(value: float | None, digits: int = 1) -> str:
    """`97.3 %`; blank where there is no base."""
    return "" if value is None else f"{value * 100:.{digits}f} %"


def number(value: float | int | None) -> str:
    """`12,345`."""
    return "" if value is None else f"{value:,}"
