"""The page of a case."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from markupsafe import Markup

from accounts.identity import current_person
from accounts.permissions import ensure, requires
from config.phones import format_phone
from dispatch import services
from dispatch.queries import visible_case
from dispatch.views import blueprint
from dispatch.views.facts import whole_case
from dispatch.views.journey import journey_of
from dispatch.views.panel import panel_asked_for
from hotline.services import place_call


@blueprint.get("/cases/<case_no>")
@requires("case:list")
def case_page(case_no: str) -> str:
    """Everything about a case; `?do=sign` has the form of that action open."""
    person = current_person()
    case = visible_case(person, case_no)
    journey = journey_of(person, request.args)
    journey = replace(journey, beside=False)
    panel = panel_asked_for(person, case, request.args.get("do", ""))
    return render_template("dispatch/case.html", journey=journey, panel=panel, **whole_case(person, case))


@blueprint.get("/cases/<case_no>/aside")
@requires("case:list")
def case_aside(case_no: str) -> str:
    """The same beside the list of a desk."""
    person = current_person()
    case = visible_case(person, case_no)
    journey = journey_of(person, request.args)
    journey = replace(journey, beside=True)
    return render_template("dispatch/aside.html", journey=journey, panel=None, **whole_case(person, case))


@blueprint.post("/cases/<case_no>/unmask")
@requires("case:list")
def unmask(case_no: str) -> Markup:
    """The caller's number in full; the look is recorded."""
    person = current_person()
    number = services.unmask_caller(person, visible_case(person, case_no))
    return Markup('<span class="mono">{}</span>').format(format_phone(number))


@blueprint.post("/cases/<case_no>/dial")
@requires("call:take")
def dial(case_no: str) -> tuple[str, int]:
    """Call the citizen from one's own seat; the number itself stays masked."""
    person = current_person()
    case = visible_case(person, case_no)
    ensure(person, "case:unmask", case)
    place_call(person, case.contact_phone or "")
    return "", 204
