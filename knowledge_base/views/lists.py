"""Lists: the shelf of a department (or of all), and what waits for an approver."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select

from accounts.identity import current_person
from accounts.permissions import requires
from config import clock
from config.paging import page
from knowledge_base import queries
from knowledge_base.models import KnowledgeVersion
from knowledge_base.views import blueprint
from knowledge_base.views.tabs import Lists, chosen, counted_tabs
from knowledge_base.words import ItemState

ROWS = 25


def _lists() -> Lists:
    return {
        "": (_("Published"), queries.stock(clock.today())),
        "draft": (_("Drafts"), queries.versions(ItemState.DRAFT)),
        "review": (_("In review"), queries.in_review()),
        "due": (_("Ending or due for review"), queries.ending_or_due(clock.today())),
        "corrections": (_("Corrections"), queries.with_corrections(clock.today())),
        "retired": (_("Retired"), queries.retired()),
    }


@blueprint.get("/shelf")
@requires("knowledge:shelf")
def shelf() -> str:
    """What stands on the shelves this person works on."""
    person = current_person()
    lists = {name: (label, queries.on_shelf_of(listed, person)) for name, (label, listed) in _lists().items()}
    current = chosen(lists)
    return render_template(
        "knowledge_base/shelf.html",
        tabs=counted_tabs(".shelf", lists, current),
        view=current,
        rows=_page(lists[current][1], KnowledgeVersion.id.desc()),
    )


@blueprint.get("/review")
@requires("knowledge:approve")
def review_queue() -> str:
    """What waits for an approver, the longest waiting first."""
    rows = _page(queries.in_review(), KnowledgeVersion.submitted_at.asc(), KnowledgeVersion.id.asc())
    return render_template("knowledge_base/review.html", rows=rows)


def _page(listed: Select[Any], *keys: ColumnElement[Any]) -> Any:
    return page(listed, keys=list(keys), cursor=request.args.get("cursor"), limit=ROWS)
