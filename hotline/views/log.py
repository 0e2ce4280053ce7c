"""The call log, and the page of one call."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import ensure, may, requires
from config.extensions import db
from config.paging import page
from hotline import queries
from hotline.forms.call_log import CallLogForm
from hotline.forms.numbers import ProposeForm
from hotline.services.callers import unmask_number
from hotline.services.in_call import call_by_no
from hotline.views import blueprint
from hotline.views.ladder import ladder


@blueprint.get("/calls")
@requires("call:list")
def call_log() -> str:
    form = CallLogForm(request.args)
    found = queries.call_log(form.filters(), current_person())
    calls = page(found, queries.log_keys(), request.args.get("cursor"), 25)
    return render_template("hotline/call_log.html", form=form, calls=calls, args=request.args.to_dict())


@blueprint.get("/calls/<call_no>")
@requires("call:list")
def call_page(call_no: str) -> str:
    call, person = call_by_no(call_no), current_person()
    ensure(person, "call:see", call)
    legs = db.session.scalars(queries.legs_of(call)).all()
    events = db.session.scalars(queries.events_of(call)).all()
    commands = db.session.scalars(queries.commands_of(call)).all()
    return render_template(
        "hotline/call.html",
        call=call,
        legs=legs,
        rungs=ladder(events, commands, legs),
        qualities=db.session.scalars(queries.qualities_of(call)).all(),
        recordings=db.session.scalars(queries.recordings_of(call)).all(),
        propose_form=ProposeForm() if may(person, "number_rule:propose") and call.caller_index else None,
        may_play=may(person, "recording:play", call),
        may_hold=may(person, "recording:hold"),
        may_unmask=may(person, "caller:unmask_call", call),
    )


@blueprint.post("/calls/<call_no>/unmask")
@requires("call:list")
def unmask(call_no: str) -> str:
    """The whole number, as text; the look is in the audit trail."""
    return unmask_number(current_person(), call_by_no(call_no)) or _("The number was withheld.")
