"""The department directory 单位名录: by tree and region, and each department on a page of its own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from accounts.forms.choices import depth, one_of
from accounts.identity import current_person
from accounts.models import Department, DepartmentLevel
from accounts.permissions import ensure, may, requires
from accounts.services.departments import describe_department
from config import clock
from config.errors import Invalid
from config.paging import page
from knowledge_base import queries
from knowledge_base.forms.directory import EntryForm
from knowledge_base.models import KnowledgeVersion
from knowledge_base.search.entries import entry_text
from knowledge_base.services import record_entry_use
from knowledge_base.views import blueprint
from knowledge_base.views.numbers import number
from knowledge_base.words import TAKEN, UseKind

ROWS = 50


@blueprint.get("/directory")
@requires("knowledge:read")
def directory() -> str:
    """`?region=` is a district's code, `?level=` a level, `?q=` part of a name, a number, an address or a duty."""
    regions = queries.regions()
    region = next((one for one in regions if one.code == request.args.get("region")), None)
    level = one_of(DepartmentLevel, request.args.get("level"))
    q = request.args.get("q", "").replace("\x00", "").strip()[:60]
    listed = queries.directory(q, region, level).options(undefer(Department.duties))
    rows = page(listed, [Department.path.asc(), Department.id.asc()], request.args.get("cursor"), ROWS)
    return render_template(
        "knowledge_base/directory.html",
        rows=rows,
        regions=regions,
        region=region,
        levels=tuple(DepartmentLevel),
        level=level,
        q=q,
        depth=(lambda _one: 0) if q or level else depth,
    )


@blueprint.get("/directory/<code>")
@requires("knowledge:read")
def office_page(code: str) -> str:
    """The entry of a department, what stands under it, and what lies on its shelf."""
    office = queries.office(code)
    if search_id := request.args.get("search", type=int):
        rank = request.args.get("rank", type=int)
        record_entry_use(current_person(), office, UseKind.OPENED, search_id=search_id, rank=rank)
    shelf = queries.newest_published(clock.today(), departments=[office.id])
    newest = page(shelf, [KnowledgeVersion.published_at.desc(), KnowledgeVersion.id.desc()], None, 10)
    return render_template(
        "knowledge_base/office.html",
        office=office,
        above=queries.above(office),
        below=queries.below(office),
        newest=newest,
        spoken=entry_text(office),
        describes=may(current_person(), "department:describe", office),
    )


@blueprint.route("/directory/<code>/edit", methods=["GET", "POST"])
@requires("knowledge:read")
def edit_office(code: str) -> Any:
    """Keep the entry: the department itself, or an editor."""
    office = queries.office(code)
    ensure(current_person(), "department:describe", office)
    form = EntryForm.showing(office)
    if form.validate_on_submit():
        try:
            changed = describe_department(current_person(), office, **form.facts())
        except Invalid as wrong:
            for name, message in wrong.fields.items():
                form[name].errors = [str(message)]
        else:
            flash(_("Saved; search finds it at once.") if changed else _("Nothing was different."), "good")
            return redirect(url_for(".office_page", code=office.code))
    return render_template(
        "knowledge_base/office_form.html", form=form, office=office
    ), 422 if form.errors else 200


@blueprint.post("/directory/<code>/used")
@requires("knowledge:read")
def office_used(code: str) -> tuple[str, int]:
    """As an item's `used`: `{"kind": …, "search": id, "rank": n, "subject": "case:…"}`."""
    given = request.get_json(silent=True)
    facts = given if isinstance(given, dict) else request.form
    record_entry_use(
        current_person(),
        queries.office(code),
        next((kind for kind in TAKEN if kind.value == facts.get("kind")), UseKind.INSERTED),
        search_id=number(facts.get("search")),
        rank=number(facts.get("rank")),
        subject=str(facts.get("subject") or ""),
    )
    return "", 204
