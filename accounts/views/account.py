"""One's own account: language, password, second factor, sessions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from accounts.forms.sign_in import CodeForm, PasswordForm
from accounts.identity import current_person
from accounts.models import SignInSession
from accounts.permissions import requires
from accounts.queries import live_sessions
from accounts.services import people, second_factor, sessions, signing
from accounts.views import blueprint
from accounts.views.parts import get_or_404, show_invalid
from config.errors import Invalid, NotFound, Refused
from config.extensions import db, limiter
from config.web.requests import LANGUAGES


@blueprint.get("/account")
@requires("account:own")
def account() -> str:
    """What the hotline knows of the person who looks."""
    person = current_person()
    return render_template(
        "accounts/account.html",
        person=person,
        sessions=db.session.scalars(live_sessions(person)).all(),
        here=sessions.current_session(),
        languages={"zh": "中文", "en": "English"},
        second_factor_demanded=second_factor.demanded(person),
    )


@blueprint.post("/account/language")
@requires("account:own")
def language() -> Any:
    """Chinese or English, from now on and on every machine."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid(fields={"language": _("There is no such language.")})
    people.choose_language(current_person(), chosen)
    session["language"] = chosen
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@requires("account:own")
def password() -> Any:
    """Change one's own password."""
    form, person = PasswordForm(), current_person()
    if form.validate_on_submit():
        try:
            signing.change_password(person, form.current.data or "", form.password.data or "")
        except Invalid as invalid:
            show_invalid(form, invalid)
        else:
            flash(_("Your password is changed. Other browsers are signed out."), "good")
            return redirect("/")
    status = 422 if form.errors else 200
    return render_template("accounts/password.html", form=form, forced=person.must_change_password), status


@blueprint.post("/account/sessions/<int:session_id>/end")
@requires("account:own")
def end_session(session_id: int) -> Any:
    """End one of one's own sessions."""
    kept = get_or_404(SignInSession, session_id)
    if kept.person_id != current_person().id:
        raise NotFound(_("There is no such entry."))
    sessions.end_session(kept, "ended by the person")
    flash(_("This session is ended."), "good")
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/sessions/end-others")
@requires("account:own")
def end_other_sessions() -> Any:
    """Stay signed in here and nowhere else."""
    person = current_person()
    ended = sessions.end_all_sessions(person, "ended by the person", but=sessions.current_session())
    flash(_("Sessions ended elsewhere: %(n)s.", n=ended), "good")
    return redirect(url_for("accounts.account"))


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@requires("account:own")
def own_second_factor() -> Any:
    """Set up a second factor of one's own accord."""
    person = current_person()
    if person.totp_secret is not None:
        raise Refused(_("You have a second factor already. An administrator can reset it."))
    secret = session.setdefault("new_secret", second_factor.new_secret())
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = second_factor.enrol(person, secret, form.code.data or "")
        except Invalid as invalid:
            show_invalid(form, invalid)
        else:
            session.pop("new_secret")
            return _codes(codes)
    page = render_template(
        "accounts/own_second_factor.html",
        form=form,
        secret=secret,
        picture=second_factor.picture(person, secret),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@requires("account:own")
def renew_recovery_codes() -> Any:
    """New recovery codes for a code of the app."""
    person, form = current_person(), CodeForm()
    if form.validate_on_submit():
        try:
            return _codes(second_factor.renew_recovery_codes(person, form.code.data or ""))
        except Invalid as invalid:
            show_invalid(form, invalid)
    return render_template("accounts/renew_recovery_codes.html", form=form), 422 if form.errors else 200


def _codes(codes: list[str]) -> str:
    return render_template("accounts/own_recovery_codes.html", codes=codes)
