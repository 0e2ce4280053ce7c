"""Blocked numbers and those that come first."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.permissions import ensure, may, requires
from config.errors import Invalid
from config.paging import page
from hotline import queries
from hotline.forms.numbers import PreferForm, ProposeForm
from hotline.models import NumberRule
from hotline.queries.numbers import VIEWS
from hotline.services import numbers
from hotline.services.in_call import call_by_no
from hotline.views import blueprint


@blueprint.get("/administration/numbers")
@requires("number_rule:list")
def number_rules() -> str:
    return _page(PreferForm())


@blueprint.post("/calls/<call_no>/block")
@requires("number_rule:propose")
def propose_block(call_no: str) -> Response:
    """Propose that this call's number be blocked."""
    call, form = call_by_no(call_no), ProposeForm()
    ensure(current_person(), "call:see", call)
    if not form.validate_on_submit():
        raise Invalid(
            fields={name: str(errors[0]) for name, errors in form.errors.items() if name and errors}
        )
    numbers.propose_block(current_person(), call, form.days.data, form.reason.data)
    flash(_("The shift lead decides on it."))
    return redirect(url_for("hotline.call_page", call_no=call_no))


@blueprint.post("/administration/numbers/<int:number>/<any(approve, refuse, lift):deed>")
@requires("number_rule:decide")
def decide_rule(number: int, deed: str) -> Response:
    """Approve, refuse or lift."""
    if deed == "lift":
        numbers.lift(current_person(), number)
    else:
        numbers.decide(current_person(), number, deed == "approve")
    flash(_("Done."))
    return redirect(url_for("hotline.number_rules", view=request.args.get("view")))


@blueprint.post("/administration/numbers")
@requires("number_rule:decide")
def prefer_number() -> Response | tuple[str, int]:
    """Let a number through first."""
    form = PreferForm()
    if form.validate_on_submit():
        try:
            numbers.prefer(current_person(), form.number.data, form.priority.data, form.reason.data)
        except Invalid as error:
            form.number.errors = [*form.number.errors, *map(str, error.fields.values())]
        else:
            flash(_("Done."))
            return redirect(url_for("hotline.number_rules", view="in_force"))
    return _page(form), 422


def _page(form: PreferForm) -> str:
    view = request.args.get("view") or "proposed"
    view = view if view in VIEWS else "proposed"
    found = page(queries.number_rules(view), [NumberRule.id.desc()], request.args.get("cursor"), 25)
    return render_template(
        "hotline/numbers.html",
        rules=found,
        view=view,
        form=form,
        waiting=queries.proposals_waiting(),
        may_decide=may(current_person(), "number_rule:decide"),
        me=current_person().id,
    )
