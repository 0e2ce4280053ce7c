"""What a KPI is: its name, its formula in words, its base, its unit, its target, and the same formula in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.sql.elements import ColumnElement

from config.words import Hue, Word
from reports.kpis.sources import Source


class Unit(Word):
    """How a value is written."""

    SHARE = "share", _l("share"), Hue.QUIET
    SECONDS = "seconds", _l("seconds"), Hue.QUIET
    COUNT = "count", _l("number"), Hue.QUIET
    TOTAL = "total", _l("seconds in all"), Hue.QUIET


class Better(Word):
    """Which way is good."""

    HIGHER = "higher", _l("higher is better"), Hue.QUIET
    LOWER = "lower", _l("lower is better"), Hue.QUIET
    NEITHER = "neither", _l("neither"), Hue.QUIET


@dataclass(frozen=True)
class Kpi:
    """One figure. `numerator` and `denominator` are aggregates over the rows of `source` in the period.

    A count and a total have no denominator. A share or a mean with an empty base has no value: blank, not 0 and
    not 100 %. `rows_endpoint` lists its rows; `rows_days` are what that list calls the first and the last day.
    """

    code: str
    name: Any
    formula: Any
    base: Any
    unit: Unit
    source: Source
    numerator: ColumnElement[Any]
    denominator: ColumnElement[Any] | None = None
    target: float | None = None
    better: Better = Better.NEITHER
    rows_endpoint: str = ""
    rows_days: tuple[str, str] = ("from_day", "to_day")

    def hue(self, value: float | None) -> Hue:
        """Whether the value reaches its target."""
        if value is None or self.target is None:
            return Hue.QUIET
        reached = value >= self.target if self.better is Better.HIGHER else value <= self.target
        return Hue.GOOD if reached else Hue.LATE


KPIS: dict[str, Kpi] = {}
"""All of them, in the order in which pages show them."""


def define(kpi: Kpi) -> Kpi:
    """Add a KPI; a code is defined once."""
    if kpi.code in KPIS:
        raise ValueError(f"the KPI {kpi.code} is defined twice")
    KPIS[kpi.code] = kpi
    return kpi
