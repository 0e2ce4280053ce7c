"""`GET /api/v1/kpis`, in the one OpenAPI document."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask_babel import gettext as _
from pydantic import Field

from accounts.models import Department
from config.errors import Invalid
from config.extensions import db
from dispatch.api import API_PATH, Schema, asked, endpoint
from reports.kpis import KPIS, Scope, compute_all
from reports.periods import asked_period

api = Blueprint("kpi_api", __name__, url_prefix=API_PATH)


class KpiQuery(Schema):
    """Which figures, for which days, of whom."""

    since: date | None = Field(None, description="first day; default: the last day")
    until: date | None = Field(None, description="last day; default: today")
    code: list[str] = Field(default_factory=list, max_length=100, description="codes; default: all")
    department: str | None = Field(
        None, max_length=32, description="its code: figures of its part of the tree"
    )


class KpiValue(Schema):
    """A figure; `value` is null where the base is empty."""

    code: str
    name: str
    formula: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    target: float | None
    hue: str


class KpiPage(Schema):
    """The figures of a period."""

    since: date
    until: date
    department: str | None
    kpis: list[KpiValue]


@endpoint("/kpis", "GET", "kpis:read", KpiPage, query=KpiQuery, on=api, tag="kpis", also=(422,))
def api_kpis() -> KpiPage:
    """Figures with their formulas."""
    query: KpiQuery = asked().query
    if unknown := [code for code in query.code if code not in KPIS]:
        raise Invalid(fields={"code": _("There is no KPI %(codes)s.", codes=", ".join(unknown)[:200])})
    first, last, period = asked_period(
        query.since.isoformat() if query.since else None, query.until.isoformat() if query.until else None
    )
    found = compute_all(period, Scope(_path(query.department)), query.code or None)
    return KpiPage(
        since=first,
        until=last,
        department=query.department,
        kpis=[
            KpiValue(name=str(figure.kpi.name), formula=str(figure.kpi.formula), **figure.as_payload())
            for figure in found.values()
        ],
    )


def _path(code: str | None) -> str | None:
    if code is None:
        return None
    department = db.session.query(Department).filter_by(code=code.replace("\x00", "")).one_or_none()
    if department is None:
        raise Invalid(fields={"department": _("There is no such department.")})
    return department.path
