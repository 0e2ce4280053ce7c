"""The case page, and the actions a person may take on it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import ensure, may, requires
from config.errors import Invalid, NotFound
from config.extensions import db
from config.phones import format_phone
from config.storage import open_file
from dispatch import queries, services
from dispatch.forms import action_form, data_of
from dispatch.models import Case, Place
from dispatch.queries import Desk
from dispatch.services.attachments import attachments_of
from dispatch.views import blueprint
from dispatch.views.desks import ENDPOINTS, next_at_desk
from dispatch.workflow import Action, CaseState, transition

_HOME_DESK = {
    CaseState.PENDING_DISPATCH: Desk.DISPATCH,
    CaseState.REPLIED: Desk.REVIEW,
    CaseState.CALLBACK: Desk.CALLBACK,
}


@blueprint.get("/cases/<case_no>")
@requires("case:list")
def case_page(case_no: str) -> str:
    """Everything about a case on one page."""
    person = current_person()
    case = queries.visible_case(person, case_no)
    return render_template("dispatch/case.html", **_facts(person, case))


@blueprint.get("/cases/<case_no>/aside")
@requires("case:list")
def case_aside(case_no: str) -> str:
    """The same, for the right half of a desk."""
    person = current_person()
    case = queries.visible_case(person, case_no)
    return render_template("dispatch/case_aside.html", **_facts(person, case))


@blueprint.get("/cases/<case_no>/actions/<action>")
@requires("case:list")
def action_panel(case_no: str, action: str) -> Any:
    """The form of one action."""
    person = current_person()
    case = queries.visible_case(person, case_no)
    row = transition(_action(action))
    ensure(person, row.permission, case)
    return _panel(case, row.action, action_form(row, case, **_first_values(row.action, case)))


@blueprint.post("/cases/<case_no>/actions/<action>")
@requires("case:list")
def take_action(case_no: str, action: str) -> Any:
    """Do it. What is wrong comes back in the form; who was first, as a refusal that names them."""
    person = current_person()
    case = queries.visible_case(person, case_no)
    row = transition(_action(action))
    form = action_form(row, case)
    data = data_of(form)
    desk = _HOME_DESK.get(case.state)
    try:
        if files := [f for f in request.files.getlist("attachment_ids") if f and f.filename]:
            data["attachment_ids"] = [
                services.store_file(person, f.stream, f.filename or "file").id for f in files
            ]
        services.perform(case.id, row.action, person, data, _version(form.version.data))
    except Invalid as invalid:
        for name, message in invalid.fields.items():
            if name in form._fields:
                form[name].errors = [str(message)]
            else:
                form.form_errors.append(str(message))
        return _panel(case, row.action, form), 422
    flash(_("%(action)s: done (%(no)s).", action=row.action.label, no=case.case_no), "good")
    return _onwards(person, case, desk)


@blueprint.post("/cases/<case_no>/unmask")
@requires("case:list")
def unmask(case_no: str) -> Markup:
    """The caller's number in full; the look is recorded."""
    person = current_person()
    case = queries.visible_case(person, case_no)
    number = services.unmask_caller(person, case)
    return Markup('<span class="mono">{}</span>').format(format_phone(number))


@blueprint.get("/cases/<case_no>/files/<int:file_id>")
@requires("case:list")
def attachment(case_no: str, file_id: int) -> Response:
    """A file of the case, as a download: what citizens send is never shown as a page of ours."""
    case = queries.visible_case(current_person(), case_no)
    if all(row.file_id != file_id for row in attachments_of(case)):
        raise NotFound(_("This file is not here."))
    row, stream = open_file(file_id)
    return send_file(stream, mimetype=row.mime, as_attachment=True, download_name=row.filename)


def _facts(person: Person, case: Case) -> dict[str, Any]:
    suggestion = None
    if case.state is CaseState.PENDING_DISPATCH:
        suggestion = queries.suggest_lead(case.category_code, case.street_code, case.district_code)
    return {
        "case": case,
        "offers": queries.offers(person, case),
        "entries": queries.entries(db.session.scalars(queries.timeline(case)), person),
        "assignments": db.session.scalars(queries.assignments_of(case)).all(),
        "clocks": db.session.scalars(queries.clocks_of(case)).all(),
        "replies": db.session.scalars(queries.replies_of(case)).all(),
        "requests": db.session.scalars(queries.requests_of(case)).all(),
        "callbacks": db.session.scalars(queries.callbacks_of(case)).all(),
        "notices": db.session.scalars(queries.notices_of(case)).all(),
        "followers": db.session.scalars(queries.followers_of(case)).all(),
        "attachments": attachments_of(case),
        "history": _history(case),
        "suggestion": suggestion,
        "place": _place(case),
        "phone": services.shown_phone(person, case),
        "name": services.shown_name(person, case),
        "may_unmask": may(person, "case:unmask", case),
    }


def _place(case: Case) -> str:
    """`示范区 › 幸福街道 12 号`, of the codes that are set."""
    codes = [code for code in (case.district_code, case.street_code, case.community_code) if code]
    names = dict.fromkeys(codes, "")
    if codes:
        names |= {
            place.code: place.name for place in db.session.scalars(select(Place).where(Place.code.in_(codes)))
        }
    return " › ".join(name for name in [*names.values(), case.address] if name)


def _history(case: Case) -> list[Case]:
    """Other cases of the same number."""
    if not case.contact_index:
        return []
    return [
        other
        for other in db.session.scalars(queries.caller_history(case.contact_index))
        if other.id != case.id
    ]


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError as error:
        raise NotFound(_("There is no such action.")) from error


def _version(given: str | None) -> int | None:
    return int(given) if given and given.isdigit() and len(given) < 9 else None


def _first_values(action: Action, case: Case) -> dict[str, Any]:
    """What a form begins with: the suggested lead, the case's own words when it is submitted again."""
    if action is Action.DISPATCH:
        suggestion = queries.suggest_lead(case.category_code, case.street_code, case.district_code)
        return {"lead": suggestion.department.code if suggestion else "", "advice": case.advice}
    if action is Action.RESUBMIT:
        return {
            name: getattr(case, name)
            for name in ("title", "content", "asked", "address", "category_code", "advice")
        }
    return {}


def _panel(case: Case, action: Action, form: Any) -> str:
    suggestion = None
    if action is Action.DISPATCH:
        suggestion = queries.suggest_lead(case.category_code, case.street_code, case.district_code)
    return render_template(
        "dispatch/action.html",
        case=case,
        action=action,
        row=transition(action),
        form=form,
        suggestion=suggestion,
    )


def _onwards(person: Person, case: Case, desk: Desk | None) -> Any:
    """After a deed at a desk the next case of that desk; elsewhere the same case again."""
    target = url_for("dispatch.case_page", case_no=case.case_no)
    if desk is not None and case.state not in _HOME_DESK and may(person, f"desk:{desk.value}"):
        following = next_at_desk(desk, person, case.id)
        target = url_for("dispatch.case_page", case_no=following) if following else url_for(ENDPOINTS[desk])
    if "HX-Request" in request.headers:
        return swapped_to(target)
    return redirect(target)


def swapped_to(path: str) -> Response:
    """Tell htmx to go to `path` as a boosted link does: only #main is swapped."""
    place = {"path": path, "target": "#main", "swap": "outerHTML"}
    return Response(status=204, headers={"HX-Location": json.dumps(place)})
