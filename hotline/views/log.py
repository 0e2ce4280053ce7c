"""The call log, and the page of one call."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.discreet import opened_args
from accounts.identity import current_person
from accounts.permissions import ensure, may, requires
from config import clock
from config.extensions import db
from config.paging import page
from config.spreadsheet import MEDIA_TYPE
from hotline import interfaces, queries
from hotline.forms.call_log import CallLogForm
from hotline.forms.numbers import ProposeForm
from hotline.models import Call
from hotline.services import exporting
from hotline.services.callers import unmask_number
from hotline.services.in_call import call_by_no
from hotline.views import blueprint
from hotline.views.course import course
from hotline.views.ladder import ladder, names_of


@blueprint.get("/calls")
@requires("call:list")
def call_log() -> str:
    branch = queries.branch_of(current_person()) if may(current_person(), "call:list_all") else None
    form = CallLogForm(opened_args(request.args, current_person()), branch)
    found = queries.call_log(form.filters(), current_person())
    calls = page(found, queries.log_keys(), request.args.get("cursor"), 25)
    return render_template(
        "hotline/call_log.html",
        form=form,
        calls=calls,
        args=_kept(form),
        may_export=may(current_person(), "call:export"),
        sees_all=may(current_person(), "call:list_all"),
        of_branch=branch is not None,
    )


@blueprint.get("/calls/export.xlsx")
@requires("call:export")
def export_calls() -> Response | WerkzeugResponse:
    """What the filters find, as a table. A long one is written by a worker, who tells when it is there."""
    person = current_person()
    table = exporting.export_calls(person, opened_args(request.args, person), str(get_locale()))
    if table is None:
        flash(_("The table is long: it is being written, and you will be told."))
        return redirect(url_for("hotline.call_log", **_kept(CallLogForm(request.args))))
    name = f"calls-{clock.today().isoformat()}.xlsx"
    return Response(
        table, mimetype=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/calls/exports/<int:number>")
@requires("call:export")
def fetch_export(number: int) -> Response:
    """A table that a worker wrote for this person."""
    row, stream = exporting.open_export(current_person(), number)
    return send_file(stream, mimetype=row.mime, as_attachment=True, download_name=row.filename)


def _kept(form: CallLogForm) -> dict[str, Any]:
    """The filters as they stand in the address, for links that keep them."""
    return {name: value for name, value in request.args.items() if name in form and value}


@blueprint.get("/calls/<call_no>")
@requires("call:list")
def call_page(call_no: str) -> str:
    call, person = call_by_no(call_no), current_person()
    ensure(person, "call:see", call)
    legs = db.session.scalars(queries.legs_of(call)).all()
    events = db.session.scalars(queries.events_of(call)).all()
    commands = db.session.scalars(queries.commands_of(call)).all()
    deeds = db.session.scalars(queries.deeds_of(call)).all()
    names = names_of(legs)
    return render_template(
        "hotline/call.html",
        call=call,
        legs=[leg for leg in legs if leg.role is not None],
        names=names,
        course=course(call, legs, deeds, events, names, clock.now()),
        rungs=ladder(events, commands, deeds, names),
        cases=interfaces.cases_of_call(call.call_no),
        entered=_entered(call),
        qualities=db.session.scalars(queries.qualities_of(call)).all(),
        recordings=db.session.scalars(queries.recordings_of(call)).all(),
        propose_form=ProposeForm() if may(person, "number_rule:propose") and call.caller_index else None,
        may_play=may(person, "recording:play", call),
        may_hold=may(person, "recording:hold"),
        may_unmask=may(person, "caller:unmask_call", call),
    )


def _entered(call: Call) -> list[tuple[str, str]]:
    """What the caller keyed in on the way through the flow: its own rating and case number under their names."""
    names = {"rating": _("Rating in the flow"), "case": _("Case number")}
    kept: dict[str, str] = (call.flow_position or {}).get("kept") or {}
    return [(names.get(name, name), value) for name, value in kept.items()]


@blueprint.post("/calls/<call_no>/unmask")
@requires("call:list")
def unmask(call_no: str) -> str:
    """The whole number, as text; the look is in the audit trail."""
    return unmask_number(current_person(), call_by_no(call_no)) or _("The number was withheld.")
