"""The agent's workbench: caller, case form and knowledge on one screen."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.phones import format_phone
from console import workbench as bench
from console.views import blueprint
from dispatch.queries import visible_case
from dispatch.services import urge_case
from dispatch.views.actions import asked_version


@blueprint.get("/workbench")
@requires("console:workbench")
def workbench() -> str:
    """With `?call=` the caller's panel and the form are of that call; without, for any other channel."""
    person = current_person()
    call = bench.call_at_hand(person, call_no) if (call_no := request.args.get("call", "")) else None
    return render_template(
        "console/workbench.html",
        call=call,
        caller=bench.caller_of(call) if call else bench.Caller(),
        moments=bench.moments_of(call) if call else [],
    )


@blueprint.post("/workbench/caller")
@requires("console:workbench")
def caller() -> str:
    """The panel of a number that was typed in."""
    typed = request.form.get("phone", "").strip()
    found = bench.caller_by_number(current_person(), typed) if typed else bench.Caller()
    return render_template("console/caller.html", call=None, caller=found)


@blueprint.get("/workbench/calls/<call_no>/cases")
@requires("console:workbench")
def caller_cases(call_no: str) -> str:
    """The caller's cases, when one has just been made of the call."""
    call = bench.call_at_hand(current_person(), call_no)
    return render_template("console/caller_cases.html", call=call, caller=bench.caller_of(call))


@blueprint.get("/workbench/calls/<call_no>/moments")
@requires("console:workbench")
def call_moments(call_no: str) -> str:
    """What happened in the call so far."""
    call = bench.call_at_hand(current_person(), call_no)
    return render_template("console/call_moments.html", moments=bench.moments_of(call))


@blueprint.post("/workbench/calls/<call_no>/number")
@requires("console:workbench")
def unmask_number(call_no: str) -> str:
    """The caller's whole number, in place of the masked one."""
    person = current_person()
    number = bench.unmask_number(person, bench.call_at_hand(person, call_no))
    return render_template("console/number.html", number=format_phone(number))


@blueprint.post("/workbench/cases/<case_no>/urge")
@requires("case:urge")
def urge(case_no: str) -> str:
    """The caller asks about a case of theirs that is still open."""
    person = current_person()
    note = request.form.get("note", "").strip() or _("The citizen called to ask again.")
    case = visible_case(person, case_no)
    version = asked_version(request.form.get("version"))
    case = urge_case(person, case, note, request.form.get("call_no") or None, version)
    return render_template("console/case_line.html", case=case, urged=True, call=None)
