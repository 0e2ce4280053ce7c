"""Taking a case in: the form of the workbench and of other channels, and what is already known nearby."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import select

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import may, requires
from config.crypto import blind_index
from config.errors import Invalid, NotFound
from config.extensions import db
from config.ids import new_id
from config.phones import normalise_phone
from dispatch import queries, services
from dispatch.forms import IntakeForm, digest_of, intake_of
from dispatch.models import Case
from dispatch.services import CaseIntake
from dispatch.services.drafts import draft_key
from dispatch.views import blueprint
from dispatch.workflow import Channel, EmergencyService
from hotline.models import Call


@blueprint.get("/cases/new")
@requires("case:register")
def new_case() -> str:
    """The case form; in the workbench as a fragment, elsewhere as a page. What was typed before comes back."""
    person, call_no = current_person(), request.args.get("call", "")[:32]
    kept = services.load_draft(person, draft_key(call_no))
    form = IntakeForm(formdata=None, data={**_first_values(call_no), **_readable(kept[0] if kept else {})})
    form.intake_key.data = form.intake_key.data or new_id()
    return _shown(form, call_no)


@blueprint.post("/cases/new")
@requires("case:register")
def register() -> Any:
    """Register for dispatch, as answered on the spot, or as handed to an emergency service. Twice pressed, one case."""
    person, form = current_person(), IntakeForm()
    call_no = (form.call_no.data or "")[:32]
    try:
        if not form.validate():
            raise Invalid(fields={})
        case = _take_in(person, form, intake_of(form, _number_of(person, call_no)))
    except services.RegisteredBefore as before:
        form.begin_anew(_changed_since(before.case))
        return _shown(form, call_no), 422
    except Invalid as invalid:
        form.show_errors(invalid.fields)
        return _shown(form, call_no), 422
    services.discard_draft(person, draft_key(call_no))
    if _is_fragment():
        page = render_template("dispatch/registered.html", case=case, call_no=call_no)
        return page, {"HX-Trigger": "case:registered"}  # what stands beside the form counts it
    flash(_("Registered as %(no)s; query code %(code)s.", no=case.case_no, code=case.query_code), "good")
    return redirect(url_for("dispatch.case_page", case_no=case.case_no))


def _take_in(person: Person, form: IntakeForm, intake: CaseIntake) -> Case:
    """By the button that was pressed: `deed` is register, answer or the number of an emergency service."""
    deed = request.form.get("deed", "register")
    intake.intake_digest = digest_of(form, deed)
    if deed == "answer":
        return services.answer_on_the_spot(person, intake, form.answer.data or "")
    if deed in set(EmergencyService):
        return services.transfer_emergency(person, intake, EmergencyService(deed))
    return services.register_case(person, intake)


def _changed_since(case: Case) -> Markup:
    """A form that was registered, gone back to and changed: what was changed is in no case yet."""
    href = url_for("dispatch.case_page", case_no=case.case_no)
    link = Markup('<a href="{}" target="_blank">{}</a>').format(href, case.case_no)
    said = _(
        "This form was registered as %(no)s before it was changed. What you changed is not in that case: add it there, "
        "or send the form again for a second case.",
        no="{no}",
    )
    return escape(said).format(no=link)


@blueprint.route("/cases/near", methods=["GET", "POST"])
@requires("case:register")
def near() -> str:
    """What is already known: the caller's open cases (urge them) and similar open ones nearby (likely the same).

    The form asks by POST, so that no number stands in an address.
    """
    person = current_person()
    number = request.values.get("phone", "") or _number_of(person, request.values.get("call_no", "")[:32])
    index = _index(number)
    category, place = _code("category_code"), _code("street_code") or _code("district_code")
    of_caller = list(db.session.scalars(queries.open_cases_of(index))) if index else []
    similar = []
    if category:
        nearby = queries.similar_open_cases(category, place or None, index)
        known = {case.id for case in of_caller}
        similar = [case for case in db.session.scalars(nearby) if case.id not in known]
    return render_template("dispatch/near.html", of_caller=of_caller, similar=similar)


def _number_of(person: Person, call_no: str) -> str:
    """The number of a call of this person's. Empty where it was withheld or there is no such call."""
    if not call_no or "\x00" in call_no:
        return ""
    call = db.session.scalar(select(Call).where(Call.call_no == call_no))
    if call is None or not may(person, "call:see", call):
        raise NotFound(_("There is no such call."))
    return call.caller_number or ""


def _index(number: str) -> str | None:
    try:
        return blind_index(normalise_phone(number)) if number else None
    except Invalid:
        return None


def _code(name: str) -> str:
    given = request.values.get(name, "")
    return given if given.isascii() and given.isalnum() and len(given) <= 12 else ""


def _first_values(call_no: str) -> dict[str, Any]:
    asked = request.args.get("channel", "")
    channel = asked if asked in set(Channel) and not call_no else Channel.PHONE.value
    return {"call_no": call_no, "channel": channel, "previous_case_no": request.args.get("previous", "")[:24]}


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a draft that the form still has; a moment is given back as a moment."""
    kept = {
        name: value for name, value in fields.items() if hasattr(IntakeForm, name) and name != "csrf_token"
    }
    if "occurred_at" in kept:
        kept["occurred_at"] = _moment(kept["occurred_at"])
    return kept


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None


def _is_fragment() -> bool:
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def _called_in(call_no: str) -> EmergencyService | None:
    """The emergency service that was called into this call."""
    number = db.session.scalar(select(Call.emergency).where(Call.call_no == call_no)) if call_no else None
    return EmergencyService(number) if number in set(EmergencyService) else None


def _shown(form: IntakeForm, call_no: str) -> str:
    template = "dispatch/case_form.html" if _is_fragment() else "dispatch/new_case.html"
    facts: dict[str, Any] = {
        "form": form,
        "call_no": call_no,
        "draft_key": draft_key(call_no),
        "beside": _is_fragment(),
    }
    facts["called_in"] = _called_in(call_no)
    return render_template(template, services=list(EmergencyService), **facts)
