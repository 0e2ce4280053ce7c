"""The desk of missed calls."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.permissions import requires
from config import clock
from config.errors import Invalid
from config.paging import page
from config.web.forms import show_errors
from hotline import queries
from hotline.forms.missed import CloseForm
from hotline.services import missed
from hotline.views import blueprint
from hotline.views.bar_state import bar_state
from hotline.words import MissedReason


@blueprint.get("/missed-calls")
@requires("missed:call")
def missed_desk() -> str:
    settled = request.args.get("view") == "settled"
    return _desk(CloseForm(formdata=None), settled)


def _desk(form: CloseForm, settled: bool = False) -> str:
    found = page(queries.missed_calls(settled), queries.missed_keys(settled), request.args.get("cursor"), 25)
    return render_template(
        "hotline/missed.html",
        missed=found,
        settled=settled,
        moment=clock.now(),
        due=queries.missed_due(),
        form=form,
        chosen=request.form.getlist("one", type=int),
    )


@blueprint.post("/missed-calls/close")
@requires("missed:close")
def close_missed() -> WerkzeugResponse | tuple[str, int]:
    """Those chosen (`one=ID`), and what is owed to a number, in one deed."""
    form = CloseForm()
    if not form.validate():
        return _desk(form), 422
    try:
        closed = missed.close_without_call(
            current_person(),
            set(request.form.getlist("one", type=int)),
            MissedReason(form.reason.data),
            form.note.data or "",
            caller=form.number.data or "",
        )
    except Invalid as invalid:
        show_errors(form, invalid.fields)
        return _desk(form), 422
    if closed.calls:
        flash(ngettext("%(num)s missed call closed.", "%(num)s missed calls closed.", closed.calls), "good")
    if closed.others:
        said = ngettext(
            "%(num)s was settled by somebody else, or is being called just now.",
            "%(num)s were settled by somebody else, or are being called just now.",
            closed.others,
        )
        flash(said, "waiting")
    return redirect(url_for("hotline.missed_desk"))


@blueprint.post("/missed-calls/<int:number>/call")
@requires("missed:call")
def call_missed(number: int) -> Response:
    """The agent's telephone rings, then the citizen's; answered with the call bar."""
    missed.call_back(current_person(), number)
    return jsonify(bar_state(current_person()))
