"""Finding: the search page, and the panel in the workbench that follows what an agent types."""

from __future__ import annotations

from flask import render_template, request

from accounts.identity import current_person
from accounts.permissions import requires
from config import clock
from config.paging import page
from knowledge_base import queries
from knowledge_base.forms import SearchForm
from knowledge_base.models import KnowledgeVersion
from knowledge_base.search import Filters, search
from knowledge_base.services import record_search
from knowledge_base.views import blueprint
from knowledge_base.words import SearchOrigin

HITS, PANEL_HITS = 20, 6


@blueprint.get("")
@requires("knowledge:read")
def search_page() -> str:
    """Hits for a question; without one, what was published last."""
    form = SearchForm(queries.departments_with_items(), formdata=request.args)
    q = (form.q.data or "").strip()
    departments = queries.under([form.department.data or ""])
    if q:
        hits = search(q, HITS, Filters(clock.today(), form.kinds(), departments))
        search_id = record_search(current_person(), q, SearchOrigin.PAGE, len(hits))
        return render_template("knowledge_base/search.html", form=form, q=q, hits=hits, search_id=search_id)
    newest = page(
        queries.newest_published(clock.today(), form.kinds(), departments),
        keys=[KnowledgeVersion.published_at.desc(), KnowledgeVersion.id.desc()],
        cursor=request.args.get("cursor"),
        limit=HITS,
    )
    return render_template("knowledge_base/search.html", form=form, q="", newest=newest)


@blueprint.get("/panel")
@requires("knowledge:read")
def panel() -> str:
    """The hits as a fragment: `?q=` what is being typed."""
    q = request.args.get("q", "").strip()
    hits = search(q, PANEL_HITS) if q else []
    search_id = record_search(current_person(), q, SearchOrigin.PANEL, len(hits)) if q else None
    return render_template("knowledge_base/panel.html", q=q, hits=hits, search_id=search_id)
