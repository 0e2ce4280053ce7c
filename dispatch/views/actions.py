"""Taking an action on a case: the form opens in its place, the deed is one call, the next case comes up."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from dispatch import services
from dispatch.forms import action_form, data_of, show_errors
from dispatch.models import Case
from dispatch.queries import visible_case
from dispatch.views import blueprint
from dispatch.views.facts import whole_case
from dispatch.views.journey import Journey, go, journey_of, next_stop
from dispatch.views.panel import Panel, action_named, draft_key, fill_panel, open_panel
from dispatch.workflow import transition


@blueprint.get("/cases/<case_no>/actions/<action>")
@requires("case:list")
def action_panel(case_no: str, action: str) -> str:
    """The form of one action."""
    person = current_person()
    case = visible_case(person, case_no)
    panel = open_panel(person, case, action_named(action))
    return _panel(case, panel, journey_of(person, request.args))


@blueprint.post("/cases/<case_no>/actions/<action>")
@requires("case:list")
def take_action(case_no: str, action: str) -> Any:
    """Do it. What is wrong comes back in the form; who was first, as a refusal that names them."""
    person = current_person()
    case = visible_case(person, case_no)
    row = transition(action_named(action))
    form = action_form(row, case)
    journey = journey_of(person, request.form)
    onwards = next_stop(journey, person, case, row.action)
    try:
        services.perform(
            case.id, row.action, person, data_of(form), asked_version(request.form.get("version"))
        )
    except Invalid as invalid:
        show_errors(form, invalid.fields)
        return _panel(case, fill_panel(case, row, form), journey), 422
    services.discard_draft(person, draft_key(case, row.action))
    flash(_("%(action)s: done (%(no)s).", action=row.action.label, no=case.case_no), "good")
    return go(onwards)


def asked_version(given: str | None) -> int | None:
    """The version of the page the button was pressed on; rubbish counts as an old one."""
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1


def _panel(case: Case, panel: Panel, journey: Journey) -> str:
    """The form alone for htmx, on the whole page for a plain browser."""
    if "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return render_template("dispatch/panel.html", case=case, panel=panel, journey=journey)
    facts = whole_case(current_person(), case)
    return render_template("dispatch/case.html", panel=panel, journey=journey, **facts)
