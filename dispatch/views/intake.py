"""Taking a case in: the form of the workbench and of other channels, its drafts, what is already known nearby."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.crypto import blind_index
from config.errors import HotlineError, Invalid
from config.extensions import db
from config.phones import normalise_phone
from dispatch import queries, services
from dispatch.forms import IntakeForm, intake_of
from dispatch.views import blueprint
from dispatch.views.cases import swapped_to


@blueprint.get("/cases/new")
@requires("case:register")
def new_case() -> Any:
    """The case form; in the workbench as a fragment, elsewhere as a page. What was typed before comes back."""
    call_no = request.args.get("call", "")[:32]
    form = IntakeForm(data={**_first_values(call_no), **_draft(_key(call_no))})
    if not form.intake_key.data:
        from config.ids import new_id

        form.intake_key.data = new_id()
    return _shown(form, call_no)


@blueprint.post("/cases/new")
@requires("case:register")
def register() -> Any:
    """Register for dispatch, or as answered on the spot. Pressed twice, it is one case."""
    form, person = IntakeForm(), current_person()
    call_no = (form.call_no.data or "")[:32]
    on_the_spot = request.form.get("do") == "answer"
    try:
        if not form.validate():
            raise Invalid(fields={})
        intake = intake_of(form, caller_number_of(call_no))
        intake.attachment_ids = _stored_files(person)
        if on_the_spot:
            case = services.answer_on_the_spot(person, intake, form.answer.data or "")
        else:
            case = services.register_case(person, intake)
    except Invalid as invalid:
        form.show_errors(invalid.fields)
        return _shown(form, call_no), 422
    except HotlineError as refused:
        form.form_errors.append(refused.message)
        return _shown(form, call_no), 422
    services.discard_draft(person, _key(call_no))
    flash(
        _("Registered as %(no)s; query code %(code)s.", no=case.case_no, code=case.query_code),
        "good",
    )
    target = url_for("dispatch.case_page", case_no=case.case_no)
    if "HX-Request" in request.headers:
        return swapped_to(target)
    return redirect(target)


@blueprint.put("/cases/drafts/<key>")
@requires("case:register")
def keep_draft(key: str) -> Response:
    """Save what is being typed: JSON `{"data": {…}, "version": n}` → `{"version": n + 1}`."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise Invalid(fields={"data": _("This must be an object.")})
    fields = {name: value for name, value in body["data"].items() if name != "csrf_token"}
    services.save_draft(current_person(), key, fields)
    version = body.get("version")
    return jsonify(version=(version if isinstance(version, int) and 0 <= version < 2**31 else 0) + 1)


@blueprint.delete("/cases/drafts/<key>")
@requires("case:register")
def drop_draft(key: str) -> Response:
    """Throw it away."""
    services.discard_draft(current_person(), key)
    return jsonify(version=0)


@blueprint.get("/cases/near")
@requires("case:register")
def near() -> str:
    """What is already known: the caller's open cases (urge them) and similar open ones nearby (merge or mention)."""
    person = current_person()
    number = request.args.get("phone", "") or caller_number_of(request.args.get("call", "")[:32])
    index = _index(number)
    category = request.args.get("category_code", "")[:12]
    place = request.args.get("street_code", "")[:12] or request.args.get("district_code", "")[:12]
    similar = []
    if category.isalnum():
        similar = list(db.session.scalars(queries.similar_open_cases(category, place or None, index)))
    return render_template(
        "dispatch/near.html",
        open_cases=db.session.scalars(queries.open_cases_of(index)).all() if index else [],
        similar=similar,
        person=person,
    )


def caller_number_of(call_no: str) -> str:
    """The number of a call, for the case it becomes. Empty where it was withheld or there is no such call."""
    from sqlalchemy import select

    from hotline.models import Call

    if not call_no or "\x00" in call_no:
        return ""
    return db.session.scalar(select(Call.caller_number).where(Call.call_no == call_no)) or ""


def _index(number: str) -> str | None:
    try:
        return blind_index(normalise_phone(number)) if number else None
    except Invalid:
        return None


def _key(call_no: str) -> str:
    return f"case-{call_no or 'new'}"


def _first_values(call_no: str) -> dict[str, Any]:
    channel = "phone" if call_no or not request.args.get("channel") else request.args["channel"]
    return {"call_no": call_no, "channel": channel, "previous_case_no": request.args.get("previous", "")[:24]}


def _draft(key: str) -> dict[str, Any]:
    kept = services.load_draft(current_person(), key)
    if kept is None:
        return {}
    fields, _saved_at = kept
    known = set(IntakeForm()._fields) - {"csrf_token", "occurred_at"}
    return {name: value for name, value in fields.items() if name in known}


def _stored_files(person: Any) -> tuple[int, ...]:
    given = [f for f in request.files.getlist("files") if f and f.filename]
    return tuple(services.store_file(person, f.stream, f.filename or "file").id for f in given)


def _shown(form: IntakeForm, call_no: str) -> str:
    fragment = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    template = "dispatch/intake_form.html" if fragment else "dispatch/intake.html"
    return render_template(template, form=form, call_no=call_no, draft_key=_key(call_no))
