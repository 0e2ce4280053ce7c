"""Finding: the search page, and the panel in the workbench that follows what an agent types."""

from __future__ import annotations

from flask import render_template, request

from accounts.identity import current_person
from accounts.permissions import may, requires
from config import clock
from config.paging import page
from knowledge_base import queries
from knowledge_base.forms import SearchForm
from knowledge_base.models import KnowledgeVersion
from knowledge_base.search import Filters, ask
from knowledge_base.search.closeness import PARTS
from knowledge_base.services import record_search
from knowledge_base.views import blueprint
from knowledge_base.views.facets import named_facets
from knowledge_base.words import SearchOrigin

HITS, PANEL_HITS = 20, 6


@blueprint.get("")
@requires("knowledge:read")
def search_page() -> str:
    """Hits for a question; without one, what was published last. `?explain=1` tells editors why."""
    form = SearchForm(queries.departments_with_items(), queries.regions_with_items(), formdata=request.args)
    q = (form.q.data or "").strip()
    departments = queries.under([form.department.data or ""])
    day = form.day() or clock.today()
    if q:
        filters = Filters(day, form.kinds(), departments, form.audiences(), form.regions())
        answer = ask(q, HITS, filters)
        search_id = record_search(current_person(), q, SearchOrigin.PAGE, len(answer.hits))
        return render_template(
            "knowledge_base/search.html",
            form=form,
            q=q,
            answer=answer,
            facets=named_facets(answer, form),
            search_id=search_id,
            explained=bool(request.args.get("explain")) and may(current_person(), "knowledge:explain"),
            parts=PARTS,
        )
    newest = page(
        queries.newest_published(day, form.kinds(), departments),
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
    answer = ask(q, PANEL_HITS) if q else None
    hits = answer.hits if answer else []
    search_id = record_search(current_person(), q, SearchOrigin.PANEL, len(hits)) if q else None
    return render_template(
        "knowledge_base/panel.html",
        q=q,
        hits=hits,
        suggestion=answer.suggestion if answer else "",
        search_id=search_id,
        favourites=queries.favourite_ids(current_person()) if hits else set(),
    )
