"""Reports of errors: whose they are, until when, and what came of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import ColumnElement

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import requires
from config import clock
from config.paging import page
from knowledge_base import queries
from knowledge_base.models import KnowledgeCorrection
from knowledge_base.services import take_correction
from knowledge_base.views import blueprint
from knowledge_base.views.tabs import Lists, chosen, counted_tabs


def _views(person: Person) -> Lists:
    told, row = queries.corrections(person), KnowledgeCorrection
    waiting = told.where(row.settled_at.is_(None))
    return {
        "": (pgettext("correction", "Open"), waiting),
        "mine": (_("Mine"), waiting.where(row.owner_id == person.id)),
        "late": (_("Overdue"), waiting.where(row.due_on < clock.today())),
        "answered": (pgettext("correction", "Answered"), told.where(row.settled_at.is_not(None))),
    }


@blueprint.get("/corrections")
@requires("knowledge:shelf")
def corrections() -> str:
    """Reports on the shelves this person works on, the first due first."""
    person = current_person()
    views = _views(person)
    current = chosen(views)
    row = KnowledgeCorrection
    keys: list[ColumnElement[Any]] = [row.due_on.asc(), row.id.asc()]
    if current == "answered":
        keys = [row.id.desc()]
    return render_template(
        "knowledge_base/corrections.html",
        tabs=counted_tabs(".corrections", views, current),
        view=current,
        rows=page(views[current][1], keys, request.args.get("cursor"), limit=25),
    )


@blueprint.post("/corrections/<int:correction_id>/take")
@requires("knowledge:shelf")
def take(correction_id: int) -> Any:
    """Make it one's own."""
    taken = take_correction(current_person(), correction_id)
    flash(_("This report is yours now."), "good")
    return redirect(url_for(".item_page", item_id=taken.item_id, _anchor="corrections"))
