"""Computing figures: one statement per source for all KPIs asked of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.sql.elements import ColumnElement

from config import clock
from config.extensions import db
from config.words import Hue
from reports.kpis import calls, cases, knowledge  # noqa: F401 - they define
from reports.kpis.definition import KPIS, Kpi
from reports.kpis.sources import Source


@dataclass(frozen=True)
class Period:
    """From `start`, up to but without `end`."""

    start: datetime
    end: datetime

    @classmethod
    def of_day(cls, day: date) -> Period:
        """The city's day."""
        return cls(clock.start_of_day(day), clock.start_of_day(day + timedelta(days=1)))

    @classmethod
    def of_days(cls, first: date, last: date) -> Period:
        """From the morning of `first` to the evening of `last`."""
        return cls(clock.start_of_day(first), clock.start_of_day(last + timedelta(days=1)))


@dataclass(frozen=True)
class Scope:
    """Whose figures: the city's, those of the departments under `path`, or one person's own."""

    path: str | None = None
    person_id: int | None = None


CITY = Scope()


@dataclass(frozen=True)
class Figure:
    """A KPI's value with what it was computed from. `value` is None where the base is empty."""

    kpi: Kpi
    value: float | None
    numerator: float | None
    denominator: float | None
    as_of: datetime

    @property
    def hue(self) -> Hue:
        return self.kpi.hue(self.value)

    def as_payload(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "code": self.kpi.code,
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unit": self.kpi.unit.value,
            "target": self.kpi.target,
            "hue": self.hue.value,
        }


def compute(code: str, period: Period, scope: Scope = CITY) -> Figure:
    """One figure."""
    return compute_all(period, scope, [code])[code]


def compute_all(period: Period, scope: Scope = CITY, codes: Iterable[str] | None = None) -> dict[str, Figure]:
    """Figures by code, in the order of definition. Those that have no meaning for the scope have no value."""
    wanted = [KPIS[code] for code in KPIS if codes is None or code in set(codes)]
    by_source: defaultdict[str, list[Kpi]] = defaultdict(list)
    for kpi in wanted:
        by_source[kpi.source.name].append(kpi)
    as_of = clock.now()
    found: dict[str, Figure] = {}
    for kpis in by_source.values():
        found |= _from_source(kpis[0].source, kpis, period, scope, as_of)
    return {kpi.code: found[kpi.code] for kpi in wanted}


def compute_of(
    source: Source, period: Period, codes: Iterable[str], *where: ColumnElement[bool]
) -> dict[str, Figure]:
    """The figures of one source over the rows that meet `where` as well."""
    kpis = _of_source(source, codes)
    statement = source.select(_expressions(kpis), period.start, period.end)
    assert statement is not None
    as_of = clock.now()
    row = db.session.execute(statement.where(*where)).one()._mapping
    return {kpi.code: _figure(kpi, row, as_of) for kpi in kpis}


def compute_by(
    group: ColumnElement[Any],
    source: Source,
    period: Period,
    codes: Iterable[str],
    *where: ColumnElement[bool],
) -> dict[Any, dict[str, Figure]]:
    """The same figures, of one source, for each value of `group` that has rows; in no order."""
    kpis = _of_source(source, codes)
    expressions = [group.label("of"), *_expressions(kpis)]
    statement = source.select(expressions, period.start, period.end)
    assert statement is not None
    as_of = clock.now()
    rows = db.session.execute(statement.where(*where).group_by(group))
    return {row.of: {kpi.code: _figure(kpi, row._mapping, as_of) for kpi in kpis} for row in rows}


def _of_source(source: Source, codes: Iterable[str]) -> list[Kpi]:
    kpis = [KPIS[code] for code in codes]
    if strangers := [kpi.code for kpi in kpis if kpi.source is not source]:
        raise ValueError(f"not of the source {source.name}: {', '.join(strangers)}")
    return kpis


def _expressions(kpis: list[Kpi]) -> list[ColumnElement[Any]]:
    found: list[ColumnElement[Any]] = []
    for kpi in kpis:
        found.append(kpi.numerator.label(f"n_{kpi.code}"))
        if kpi.denominator is not None:
            found.append(kpi.denominator.label(f"d_{kpi.code}"))
    return found


def _from_source(
    source: Source, kpis: list[Kpi], period: Period, scope: Scope, as_of: datetime
) -> dict[str, Figure]:
    statement = source.select(_expressions(kpis), period.start, period.end, scope.path, scope.person_id)
    if statement is None:
        return {kpi.code: Figure(kpi, None, None, None, as_of) for kpi in kpis}
    row = db.session.execute(statement).one()._mapping
    return {kpi.code: _figure(kpi, row, as_of) for kpi in kpis}


def _figure(kpi: Kpi, row: Any, as_of: datetime) -> Figure:
    numerator = _number(row[f"n_{kpi.code}"])
    if kpi.denominator is None:
        return Figure(kpi, numerator or 0, numerator or 0, None, as_of)
    denominator = _number(row[f"d_{kpi.code}"])
    value = (numerator or 0) / denominator if denominator else None
    return Figure(kpi, value, numerator, denominator, as_of)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
