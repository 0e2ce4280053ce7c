"""Administration: people."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.forms.choices import CITY
from accounts.forms.people import GrantForm, NewPersonForm, PeopleFilter, PersonForm
from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import ensure, may, requires
from accounts.queries import PEOPLE_KEYS, live_sessions
from accounts.queries import people as people_query
from accounts.roles import SEPARATED
from accounts.services import people as services
from accounts.services import second_factor
from accounts.views import blueprint
from accounts.views.parts import show_invalid, visible_person
from config.errors import Invalid
from config.extensions import db
from config.paging import page
from config.phones import format_phone


@blueprint.get("/administration/people")
@requires("person:list")
def people() -> Any:
    """Everybody within the reach of the one who asks."""
    form = PeopleFilter(request.args)
    scope = current_person().departments_in_scope(*SEPARATED)
    found = page(people_query(**form.narrowed(), scope=scope), PEOPLE_KEYS, request.args.get("cursor"))
    return render_template("accounts/people.html", form=form, people=found, args=request.args.to_dict())


@blueprint.route("/administration/people/new", methods=["GET", "POST"])
@requires("person:create")
def new_person() -> Any:
    """A new person; their first password is shown once."""
    form = NewPersonForm()
    if form.validate_on_submit() and _within_reach(form, "person:create"):
        try:
            made, password = services.employ_person(
                current_person(),
                form.login.data or "",
                form.name.data or "",
                form.chosen_department(),
                form.staff_no.data or "",
                form.phone.data or "",
            )
        except Invalid as invalid:
            show_invalid(form, invalid)
        else:
            return _told_once(made, password, _("%(name)s is here now", name=made.name))
    return render_template("accounts/person_form.html", form=form, person=None), _status(form)


@blueprint.get("/administration/people/<int:person_id>")
@requires("person:list")
def person(person_id: int) -> str:
    """One person: what is known, rights, sessions."""
    found = visible_person(person_id)
    return render_template(
        "accounts/person.html",
        person=found,
        grant_form=GrantForm(department=str(found.department_id or CITY)),
        sessions=db.session.scalars(live_sessions(found)).all(),
        second_factor_demanded=second_factor.demanded(found),
    )


@blueprint.route("/administration/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires("person:change")
def edit_person(person_id: int) -> Any:
    """What is known of a person."""
    found = visible_person(person_id)
    ensure(current_person(), "person:change", found)
    form = PersonForm(
        name=found.name,
        staff_no=found.staff_no,
        phone=format_phone(found.phone or ""),
        department=str(found.department_id or ""),
    )
    if form.validate_on_submit() and _within_reach(form, "person:change"):
        try:
            services.change_person(
                current_person(),
                found,
                name=form.name.data or "",
                department=form.chosen_department(),
                staff_no=form.staff_no.data or "",
                phone=form.phone.data or "",
            )
        except Invalid as invalid:
            show_invalid(form, invalid)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("accounts.person", person_id=found.id))
    return render_template("accounts/person_form.html", form=form, person=found), _status(form)


@blueprint.post("/administration/people/<int:person_id>/password")
@requires("person:reset_password")
def reset_password(person_id: int) -> str:
    """A new first password, shown once."""
    found = visible_person(person_id)
    ensure(current_person(), "person:reset_password", found)
    password = services.reset_password(current_person(), found)
    return _told_once(found, password, _("New password of %(name)s", name=found.name))


@blueprint.post("/administration/people/<int:person_id>/second-factor")
@requires("person:reset_second_factor")
def reset_second_factor(person_id: int) -> Any:
    """The telephone is lost: the person sets up another one at the next sign-in."""
    found = visible_person(person_id)
    ensure(current_person(), "person:reset_second_factor", found)
    second_factor.reset(current_person(), found)
    flash(_("%(name)s sets up a new second factor at the next sign-in.", name=found.name), "good")
    return redirect(url_for("accounts.person", person_id=found.id))


@blueprint.post("/administration/people/<int:person_id>/active")
@requires("person:deactivate")
def set_active(person_id: int) -> Any:
    """Send away (`active=0`), or take back (`active=1`)."""
    found = visible_person(person_id)
    ensure(current_person(), "person:deactivate", found)
    active = request.form.get("active") == "1"
    services.set_active(current_person(), found, active)
    said = _("%(name)s may sign in again.") if active else _("%(name)s is signed out and may not come back.")
    flash(said % {"name": found.name}, "good")
    return redirect(url_for("accounts.person", person_id=found.id))


def _within_reach(form: PersonForm, permission: str) -> bool:
    """Whether the person would still stand where the administrator reaches; otherwise the field says so."""
    if may(current_person(), permission, form.chosen_department() or Person(department=None)):
        return True
    form.department.errors = [_("Choose a department that your own right reaches.")]
    return False


def _told_once(person: Person, password: str, title: str) -> str:
    return render_template("accounts/password_once.html", person=person, password=password, title=title)


def _status(form: Any) -> int:
    return 422 if form.errors else 200
