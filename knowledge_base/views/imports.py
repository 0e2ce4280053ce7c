"""Imports: files given, proposals decided, batches followed and undone."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.identity import current_person
from accounts.permissions import may, requires
from config.errors import Conflict, Invalid, NotFound
from config.paging import page
from config.storage import open_file
from config.text import whole_number
from knowledge_base import queries
from knowledge_base.comparing import compare
from knowledge_base.forms.importing import ImportForm, RowForm
from knowledge_base.models import ImportRow, KnowledgeImport
from knowledge_base.passages import cut
from knowledge_base.services.importing import (
    Given,
    accept_rows,
    ask_to_undo,
    begin_import,
    correct_row,
    decline_rows,
)
from knowledge_base.services.importing.batches import MOST_AT_ONCE, queue
from knowledge_base.views import blueprint
from knowledge_base.words import AT_WORK, ImportOrigin, Proposal, RowState

ROWS = 25
OUTLINE = 400
"""Passages shown beside the text."""


@blueprint.route("/imports", methods=["GET", "POST"])
@requires("knowledge:import")
def imports() -> Any:
    """What was imported, the newest first, and the way to import more."""
    person = current_person()
    shelves = queries.shelves_for(person)
    form = ImportForm(shelves)
    if form.validate_on_submit():
        given = [Given(file.filename or "", file.stream) for file in form.files.data]
        shelf = next(d for d in shelves if d.code == form.department.data)
        publish = request.form.get("then") == "publish"
        if len(given) > MOST_AT_ONCE:
            form.files.errors = [
                _("At most %(n)s files at once: pack them into one archive.", n=MOST_AT_ONCE)
            ]
        else:
            batch = begin_import(
                person,
                given,
                shelf,
                origin=ImportOrigin.PAGE,
                publish=publish,
                kind=form.wanted_kind(),
                region=form.region.data or "",
            )
            queue(batch.id, "read_import")
            return redirect(url_for(".import_page", import_id=batch.id))
    elif request.method == "GET":
        form.department.data = person.department.code if person.department in shelves else None
    listed = page(queries.imports(), [KnowledgeImport.id.desc()], request.args.get("cursor"), limit=ROWS)
    body = render_template(
        "knowledge_base/imports.html",
        form=form,
        batches=listed,
        counts=queries.import_counts([b.id for b in listed]),
        RowState=RowState,
        may_publish=may(person, "knowledge:approve"),
    )
    return body, 422 if form.errors else 200


@blueprint.get("/imports/<int:import_id>")
@requires("knowledge:import")
def import_page(import_id: int) -> str:
    """One batch: how far it is, and its files by what became of them."""
    batch = queries.import_batch(import_id)
    counts = queries.import_counts([batch.id]).get(batch.id, {})
    asked = request.args.get("view", "")
    first = next((s for s in (RowState.READY, RowState.UNREADABLE, RowState.ENTERED) if counts.get(s)), None)
    state = next((s for s in RowState if s.value == asked), first)
    tabs = [
        {
            "label": one.label,
            "href": url_for(".import_page", import_id=batch.id, view=one.value),
            "count": counts[one],
            "current": one is state,
        }
        for one in RowState
        if counts.get(one)
    ]
    rows = page(
        queries.import_rows(batch, state), [ImportRow.ordinal.asc()], request.args.get("cursor"), limit=50
    )
    return render_template(
        "knowledge_base/import.html",
        batch=batch,
        at_work=batch.state in AT_WORK,
        tabs=tabs,
        view=state,
        rows=rows,
        duplicates=queries.count_proposed(batch, Proposal.DUPLICATE) if state is RowState.READY else 0,
        undecided=counts.get(RowState.READY, 0),
        entered=counts.get(RowState.ENTERED, 0),
        may_publish=may(current_person(), "knowledge:approve"),
    )


@blueprint.get("/imports/<int:import_id>/progress")
@requires("knowledge:import")
def import_progress(import_id: int) -> Response:
    """The bar; once the job is through, the page is loaded anew."""
    batch = queries.import_batch(import_id)
    answer = make_response(render_template("knowledge_base/import_progress.html", batch=batch))
    if batch.state not in AT_WORK:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/imports/<int:import_id>/decide")
@requires("knowledge:import")
def decide_import(import_id: int) -> Any:
    """`deed` is accept, publish or decline; `row` the chosen rows, `all` every one that is not here already."""
    person, deed = current_person(), request.form.get("deed")
    if deed not in ("accept", "publish", "decline"):
        raise NotFound(_("There is no such action."))
    chosen = [int(n) for n in request.form.getlist("row") if n.isascii() and n.isdigit() and len(n) < 19]
    rows = None if request.form.get("all") else chosen
    if rows is not None and not rows:
        flash(_("Choose at least one file."), "waiting")
    elif deed == "decline":
        count = decline_rows(person, import_id, rows)
        flash(ngettext("%(num)s file declined.", "%(num)s files declined.", count), "good")
    else:
        count = accept_rows(person, import_id, rows, publish=deed == "publish")
        if not count:
            flash(_("Nothing was left to accept."), "waiting")
    return redirect(url_for(".import_page", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/undo")
@requires("knowledge:import")
def undo_import(import_id: int) -> Any:
    """Take it back."""
    ask_to_undo(current_person(), import_id)
    return redirect(url_for(".import_page", import_id=import_id))


@blueprint.route("/imports/<int:import_id>/files/<int:row_id>", methods=["GET", "POST"])
@requires("knowledge:import")
def import_row(import_id: int, row_id: int) -> Any:
    """What was recognised in one file, beside what it is like, to be corrected and decided."""
    person, row = current_person(), queries.import_row(import_id, row_id)
    form = RowForm(row)
    if form.validate_on_submit():
        seen = whole_number(form.edit_no.data or "", longest=9)
        try:
            correct_row(
                person,
                row.id,
                form.text(row),
                -1 if seen is None else seen,
                enter_as=form.place(row),
            )
        except Invalid as wrong:
            form.tell(wrong)
        except Conflict as late:
            form.body.errors = [*form.body.errors, late.message]
        else:
            return _decided(row, request.form.get("then", "save"))
    old = row.match or row.twin
    body = render_template(
        "knowledge_base/import_row.html",
        row=row,
        batch=row.batch,
        form=form,
        old=old,
        lines=compare(old.body, row.body) if old else [],
        passages=cut(row.body)[:OUTLINE],
        following=queries.next_row(row, RowState.READY),
        may_publish=may(person, "knowledge:approve"),
    )
    return body, 422 if form.errors else 200


def _decided(row: ImportRow, then: str) -> Any:
    following = queries.next_row(row, RowState.READY)
    person = current_person()
    if then in ("accept", "publish"):
        accept_rows(person, row.import_id, [row.id], publish=then == "publish")
        return redirect(url_for(".import_page", import_id=row.import_id))
    if then == "decline":
        decline_rows(person, row.import_id, [row.id])
    else:
        flash(_("Saved."), "good")
    if then != "save" and following is not None:
        return redirect(url_for(".import_row", import_id=row.import_id, row_id=following.id))
    if then != "save":
        return redirect(url_for(".import_page", import_id=row.import_id))
    return redirect(url_for(".import_row", import_id=row.import_id, row_id=row.id))


@blueprint.get("/imports/files/<int:row_id>/source")
@requires("knowledge:import")
def import_source(row_id: int) -> Response:
    """The file as it was given."""
    row = queries.import_row(None, row_id)
    if row.file_id is None:
        raise NotFound(_("This file is not here."))
    kept, stream = open_file(row.file_id)
    return send_file(stream, mimetype=kept.mime, download_name=kept.filename, as_attachment=True)
