"""The knowledge monitor 资料库运行监控: what is asked, found and used, and what waits on the shelves."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from accounts.forms.choices import department_choices, department_of, one_of
from accounts.models import Department
from accounts.permissions import requires
from config.extensions import db
from config.paging import page
from config.spreadsheet import MEDIA_TYPE, write_table
from knowledge_base.models import KnowledgeItem, KnowledgeUse
from knowledge_base.words import SearchOrigin
from reports.knowledge_lists import SEARCHES, View, cells, doubted, head, listing, overdue
from reports.knowledge_stock import STANDING, standing, standing_by_department, within
from reports.kpis import KPIS, Period, Scope, compute_all, compute_by
from reports.kpis.sources import KNOWLEDGE_CLICKS, KNOWLEDGE_PUBLISHED, USED_OF
from reports.periods import asked_period
from reports.views import blueprint

FIGURES = (
    "kb_searches", "kb_no_result_rate", "kb_public_searches", "kb_public_no_result_rate", "kb_click_rate", "kb_clicks",
    "kb_first_hit_rate", "kb_top_three_rate",
    "kb_uses", "kb_links_sent", "kb_scripts_used", "kb_published", "kb_new_items", "kb_corrections",
    "kb_corrections_in_time", "kb_corrections_right", "kb_tasks_made", "kb_tasks_closed",
)  # fmt: skip
UPDATES = ("kb_published", "kb_new_items")
ROWS, MOST_EXPORTED = 25, 20_000
LEADS_TO = {
    "stale": View.STALE,
    "doubtful": View.DOUBTFUL,
    "expiring": View.EXPIRING,
    "unused": View.UNUSED,
    "corrections": View.CORRECTIONS,
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense in it asks for nothing."""

    view: View
    first: date
    last: date
    period: Period
    department: Department | None
    origin: SearchOrigin | None = None

    @property
    def path(self) -> str | None:
        return self.department.path if self.department else None

    def args(self, **others: Any) -> dict[str, Any]:
        """For links that keep it."""
        kept: dict[str, Any] = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        if self.department:
            kept["department"] = self.department.id
        if self.origin:
            kept["origin"] = self.origin.value
        return {**kept, "view": self.view.value, **others}


def _asked() -> Asked:
    first, last, period = asked_period(request.args.get("from"), request.args.get("to"), days=30)
    view = next((one for one in View if one.value == request.args.get("view")), View.OVERVIEW)
    origin = one_of(SearchOrigin, request.args.get("origin"))
    return Asked(view, first, last, period, department_of(request.args.get("department")), origin)


@blueprint.get("/monitor/knowledge")
@requires("monitor:knowledge")
def knowledge_monitor() -> str:
    """`?view=&from=&to=&department=` (a department with all below it), `&origin=` (where a search was typed)."""
    asked = _asked()
    facts: dict[str, Any] = {}
    if asked.view is View.OVERVIEW:
        facts = {
            "figures": compute_all(asked.period, Scope(asked.path), FIGURES),
            "standing": standing(asked.path),
            "ranks": _ranks(asked),
        }
    else:
        found = listing(asked.view, asked.period, asked.path, asked.origin)
        rows = page(found.statement, found.keys, request.args.get("cursor"), ROWS, scalars=False)
        facts = {"rows": rows}
        if asked.view is View.DEPARTMENTS:
            facts |= _of_departments(asked.period, [row.id for row in rows])
    return render_template(
        "reports/knowledge.html",
        asked=asked,
        views=tuple(View),
        searches=SEARCHES,
        origins=tuple(SearchOrigin),
        stock=STANDING,
        leads_to=LEADS_TO,
        kpis=KPIS,
        updates=UPDATES,
        departments=department_choices(_("Whole city"), gone=True),
        overdue=overdue,
        doubted=doubted,
        **facts,
    )


@blueprint.get("/monitor/knowledge.xlsx")
@requires("monitor:knowledge")
def knowledge_monitor_table() -> Response:
    """The list of `?view=` as a table; the overview as figures with their formulas."""
    asked, out = _asked(), io.BytesIO()
    if asked.view is View.OVERVIEW:
        titles, rows = _figures_to_take_away(asked)
    elif asked.view is View.DEPARTMENTS:
        titles, rows = _departments_to_take_away(asked)
    else:
        found = listing(asked.view, asked.period, asked.path, asked.origin)
        ordered = found.statement.order_by(*found.keys).limit(MOST_EXPORTED)
        titles, rows = head(asked.view), [cells(asked.view, row) for row in db.session.execute(ordered)]
    write_table(out, titles, rows)
    name = f"knowledge-{asked.view.value}-{asked.first.isoformat()}-{asked.last.isoformat()}.xlsx"
    return Response(
        out.getvalue(),
        mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _ranks(asked: Asked) -> list[tuple[int, int]]:
    """How many hits were followed at each rank, ranks 1 to 10; the figure is the KPI's own."""
    where = within(USED_OF, asked.path)
    by_rank = compute_by(
        KnowledgeUse.rank.expression,
        KNOWLEDGE_CLICKS,
        asked.period,
        ["kb_clicks"],
        KnowledgeUse.rank <= 10,
        *where,
    )
    return [(rank, int(figures["kb_clicks"].value or 0)) for rank, figures in sorted(by_rank.items())]


def _of_departments(period: Period, ids: list[int]) -> dict[str, Any]:
    column = KnowledgeItem.department_id
    published = compute_by(column.expression, KNOWLEDGE_PUBLISHED, period, UPDATES, column.in_(ids))
    return {"published": published, "standing": standing_by_department(ids)}


def _figures_to_take_away(asked: Asked) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = [
        [str(figure.kpi.name), figure.value, str(figure.kpi.formula)]
        for figure in compute_all(asked.period, Scope(asked.path), FIGURES).values()
    ]
    rows += [
        [str(STANDING[code].name), n, str(STANDING[code].formula)] for code, n in standing(asked.path).items()
    ]
    return [_("Figure"), _("Value"), _("Formula")], rows


def _departments_to_take_away(asked: Asked) -> tuple[list[str], list[list[Any]]]:
    found = listing(asked.view, asked.period, asked.path)
    offices = list(db.session.execute(found.statement.order_by(*found.keys).limit(MOST_EXPORTED)))
    facts = _of_departments(asked.period, [row.id for row in offices])
    rows = [
        [
            row.name,
            *(
                facts["published"][row.id][code].value if row.id in facts["published"] else 0
                for code in UPDATES
            ),
            *facts["standing"][row.id].values(),
        ]
        for row in offices
    ]
    names = [str(KPIS[code].name) for code in UPDATES] + [str(one.name) for one in STANDING.values()]
    return [_("Department"), *names], rows
