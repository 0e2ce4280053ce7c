"""The page of all KPIs: value, formula, base, target."""

from __future__ import annotations

from flask import render_template, request

from accounts.permissions import requires
from reports.kpis import compute_all
from reports.periods import asked_period
from reports.views import blueprint


@blueprint.get("/kpis")
@requires("kpi:view")
def kpis() -> str:
    """Every figure for a period (`?from=&to=`, default the last seven days), each with its definition."""
    first, last, period = asked_period(request.args.get("from"), request.args.get("to"), days=7)
    return render_template("reports/kpis.html", figures=compute_all(period), first=first, last=last)
