"""Days as Chinese documents write them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from knowledge_base.importing.structure import number_of

_C = "[〇零○Ｏ一二三四五六七八九十]"
ONE = rf"(?:(?:19|20)\d\d\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|{_C}{{4}}年{_C}{{1,2}}月{_C}{{1,3}}日)"
_ONE = re.compile(ONE)
_PLAIN = re.compile(r"(?<!\d)((?:19|20)\d\d)[-._/年]?(1[0-2]|0?[1-9])[-._/月]?(3[01]|[0-2]?\d)日?(?!\d)")
_FIGURES = re.compile(r"\d+")


def all_in(text: str) -> list[date]:
    """Every day named in `text`."""
    return [day for hit in _ONE.finditer(text) if (day := _day(hit[0]))]


def first_in(text: str) -> date | None:
    """The first of them."""
    return next(iter(all_in(text)), None)


def only(line: str) -> date | None:
    """The day, if the line says nothing else."""
    return _day(line) if _ONE.fullmatch(line.strip("（）() ")) else None


def in_name(name: str) -> date | None:
    """The last day in the name of a file: `妇女权益保障法(2022-10-30).md`."""
    last = name.rsplit("/", 1)[-1]
    found = [_made(*map(int, hit.groups())) for hit in _PLAIN.finditer(last)]
    return next((day for day in reversed(found) if day), None)


def without(name: str) -> str:
    """The name without its days."""
    return _PLAIN.sub("", name)


def after(start: date, count: str, months: bool) -> date | None:
    """The last day of a term of so many years (or months) that begins on `start`."""
    steps = number_of(count) * (1 if months else 12)
    year, month = divmod(start.year * 12 + start.month - 1 + steps, 12)
    if year > 9998 or not steps:
        return None
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _day(text: str) -> date | None:
    if figures := _FIGURES.findall(text):
        return _made(*map(int, figures[:3])) if len(figures) >= 3 else None
    year, rest = re.sub("[○Ｏ]", "〇", text).split("年", 1)
    month, rest = rest.split("月", 1)
    try:
        return _made(
            number_of(year.strip()), number_of(month.strip()), number_of(rest.split("日", 1)[0].strip())
        )
    except (KeyError, ValueError):
        return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
