"""What departments hand in: the editors' queue, and what it came to."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from accounts.identity import current_person
from accounts.permissions import may, requires
from config import clock
from config.paging import page
from knowledge_base import queries
from knowledge_base.models import KnowledgeVersion
from knowledge_base.views import blueprint


@blueprint.get("/submissions")
@requires("knowledge:submissions")
def submissions() -> str:
    """The queue, the longest waiting first, and each department's counts of a period (default: this month)."""
    person, today = current_person(), clock.today()
    first = _day("from") or today.replace(day=1)
    last = max(_day("to") or today, first)
    rows = page(
        queries.on_shelf_of(queries.handed_in(), person),
        [KnowledgeVersion.handed_in_at.asc(), KnowledgeVersion.id.asc()],
        request.args.get("cursor"),
        limit=25,
    )
    return render_template(
        "knowledge_base/submissions.html",
        rows=rows,
        first=first,
        last=last,
        counts=queries.assessments(person, first, last),
        assesses=may(person, "knowledge:assess"),
    )


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
