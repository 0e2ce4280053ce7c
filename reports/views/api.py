"""`GET /api/v1/kpis`."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask_babel import gettext as _

from accounts.permissions import requires_scope
from config.errors import Invalid
from config.extensions import db
from reports.kpis import KPIS, Scope, compute_all
from reports.periods import asked_period
from reports.views import blueprint


@blueprint.get("/api/v1/kpis")
@requires_scope("kpis:read")
def api_kpis() -> Response:
    """Figures for `from`–`to` (ISO dates, default today), of `code` (repeatable) and `department` (its code)."""
    from accounts.models import Department

    codes = request.args.getlist("code") or list(KPIS)
    if unknown := [code for code in codes if code not in KPIS]:
        raise Invalid(fields={"code": _("There is no KPI %(codes)s.", codes=", ".join(unknown)[:200])})
    path = None
    if wanted := request.args.get("department"):
        department = db.session.query(Department).filter_by(code=wanted.replace("\x00", "")).one_or_none()
        if department is None:
            raise Invalid(fields={"department": _("There is no such department.")})
        path = department.path
    first, last, period = asked_period(request.args.get("from"), request.args.get("to"))
    found = compute_all(period, Scope(path), codes)
    return jsonify(
        {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "department": wanted or None,
            "kpis": [
                {**figure.as_payload(), "name": str(figure.kpi.name), "formula": str(figure.kpi.formula)}
                for figure in found.values()
            ],
        }
    )
