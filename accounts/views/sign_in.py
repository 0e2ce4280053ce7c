"""Signing in, with a second factor where one is needed, and out."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.forms.sign_in import CodeForm, SignInForm
from accounts.identity import current_person_or_none
from accounts.models import Person
from accounts.permissions import public
from accounts.services import second_factor, sessions, signing
from accounts.views import blueprint
from config import clock
from config.errors import Invalid, Refused
from config.extensions import db, limiter


@blueprint.get("/sign-in")
@public
def sign_in() -> Any:
    """The door."""
    if current_person_or_none() is not None:
        return redirect(safe_next(request.args.get("next")))
    return _door(SignInForm(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@public
def sign_in_post() -> Any:
    """Check and open a session; what was typed in the login field stays."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form), 422
    try:
        person = signing.check_password(form.login.data or "", form.password.data or "")
    except signing.SignInRefused as refused:
        form.password.errors = [refused.message]
        return _door(form), 401
    if second_factor.needed(person):
        session.clear()
        session["half_signed_in"] = {"person": person.id, "at": clock.now().timestamp()}
        session["next"] = safe_next(form.next.data)
        return redirect(
            url_for("accounts.second_factor_code" if person.totp_secret else "accounts.enrolment")
        )
    _enter(person)
    return redirect(safe_next(form.next.data))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@public
def second_factor_code() -> Any:
    """The code of the second factor, or a recovery code."""
    person = _half_signed_in()
    if person is None or person.totp_secret is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        if second_factor.check(person, form.code.data or ""):
            return _all_the_way(person)
        signing.count_wrong_code(person)
        form.code.errors = [_("This code does not fit, or was used before.")]
    return render_template("accounts/code.html", form=form), 422 if form.errors else 200


@blueprint.route("/sign-in/enrolment", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@public
def enrolment() -> Any:
    """The first sign-in of a privileged person: an authenticator app is bound to the account."""
    person = _half_signed_in()
    if person is None or person.totp_secret is not None:
        return redirect(url_for("accounts.sign_in"))
    secret = session.setdefault("new_secret", second_factor.new_secret())
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = second_factor.enrol(person, secret, form.code.data or "")
        except Invalid as invalid:
            form.code.errors = [str(invalid.fields["code"])]
        else:
            target = session.get("next", "/")
            _enter(person)
            return render_template("accounts/recovery_codes.html", codes=codes, target=target)
    page = render_template(
        "accounts/enrolment.html", form=form, secret=secret, picture=second_factor.picture(person, secret)
    )
    return page, 422 if form.errors else 200


HALF_WAY = 300  # seconds between password and code


def _half_signed_in() -> Person | None:
    """Who gave the right password a moment ago and owes the second factor."""
    kept = session.get("half_signed_in") or {}
    if clock.now().timestamp() - float(kept.get("at", 0)) > HALF_WAY:
        return None
    person = db.session.get(Person, kept.get("person", 0))
    return None if person is None or not person.active or signing.is_locked(person) else person


def _all_the_way(person: Person) -> Response:
    target = session.get("next", "/")
    _enter(person)
    return redirect(safe_next(target))


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this session."""
    sessions.end_current("signed out")
    session.clear()
    return redirect(url_for("accounts.sign_in"))


def _enter(person: Person) -> None:
    """A fresh cookie: nothing of the session before survives, whoever made it."""
    session.clear()
    session.update(sessions.open_session(person))
    session.permanent = True
    signing.note_sign_in(person)


def _door(form: SignInForm) -> str:
    people = current_app.config.get("DEMO_PEOPLE", ()) if current_app.config["SETTINGS"].demo else ()
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_people=people() if callable(people) else people,
        demo_password=current_app.config.get("DEMO_PASSWORD", ""),
    )


def safe_next(target: str | None) -> str:
    """`target` if it is a path of ours, else the start page: nobody is sent elsewhere by a link to sign in."""
    path = (target or "").strip()
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(c in path for c in "\r\n\t\\"):
        return "/"
    return path


@blueprint.before_app_request
def _first_things_first() -> Any:
    """Who must change their password does that before anything else."""
    endpoint = request.endpoint or ""
    view = current_app.view_functions.get(endpoint)
    if view is None or endpoint in BEFORE_ANYTHING or endpoint.endswith("static"):
        return None
    if getattr(view, "access", ("", ""))[0] in ("public", "scope"):
        return None
    person = current_person_or_none()
    if person is None or not person.must_change_password:
        return None
    if request.method != "GET":
        raise Refused(_("Change your password first."))
    return redirect(url_for("accounts.password"))


BEFORE_ANYTHING = {"accounts.password", "accounts.language"}
