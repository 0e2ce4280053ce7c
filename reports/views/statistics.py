"""Call statistics 统计: a table, its chart and its export, for a period and by a word."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.identity import current_person
from accounts.permissions import requires
from accounts.roles import Role
from config.extensions import db
from config.spreadsheet import MEDIA_TYPE, write_table
from hotline.models import CallQueue
from hotline.queries import Branch, branch_of
from reports.kpis import KPIS
from reports.periods import asked_period
from reports.statistics import By, Statistics, statistics
from reports.views import blueprint


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense in it asks for nothing."""

    first: date
    last: date
    by: By
    queue: CallQueue | None
    queues: list[CallQueue]
    found: Statistics
    branch: Branch | None

    def args(self, **others: Any) -> dict[str, Any]:
        """For links that keep it."""
        kept = {"from": self.first.isoformat(), "to": self.last.isoformat(), "by": self.by.value}
        return {**kept, **({"queue": self.queue.id} if self.queue else {}), **others}


def _asked() -> Asked:
    first, last, period = asked_period(request.args.get("from"), request.args.get("to"), days=7)
    queues = list(db.session.scalars(select(CallQueue).order_by(CallQueue.name)))
    branch = branch_of(current_person(), Role.PLANNER)
    by = next((one for one in By if one.value == request.args.get("by")), By.DAY)
    queue = next((one for one in queues if str(one.id) == request.args.get("queue")), None)
    return Asked(
        first, last, by, queue, queues, statistics(period, by, queue.id if queue else None, branch), branch
    )


@blueprint.get("/statistics/calls")
@requires("statistics:calls")
def call_statistics() -> str:
    """`?from=&to=&by=day|hour|queue|agent|skill&queue=`"""
    return render_template("reports/statistics.html", asked=_asked(), kpis=KPIS, groups=tuple(By))


@blueprint.get("/statistics/calls.xlsx")
@requires("statistics:calls")
def call_statistics_table() -> Response:
    """The same table; seconds and shares as numbers, not rounded."""
    asked = _asked()
    head = [str(asked.by.label), *(str(KPIS[code].name) for code in asked.found.codes)]
    rows = [[row.label, *_values(row.figures, asked.found.codes)] for row in asked.found.rows]
    rows.append([_("All"), *_values(asked.found.whole, asked.found.codes)])
    out = io.BytesIO()
    write_table(out, head, rows)
    name = f"calls-by-{asked.by.value}-{asked.first.isoformat()}-{asked.last.isoformat()}.xlsx"
    return Response(
        out.getvalue(),
        mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _values(figures: dict[str, Any], codes: tuple[str, ...]) -> list[float | None]:
    return [figures[code].value if code in figures else None for code in codes]
