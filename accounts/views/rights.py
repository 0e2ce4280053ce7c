"""Administration: a person's rights."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from accounts.forms.people import GrantForm
from accounts.identity import current_person
from accounts.models import RoleGrant
from accounts.permissions import ensure, requires
from accounts.roles import Role
from accounts.services import rights
from accounts.views import blueprint
from accounts.views.parts import get_or_404, visible_person
from config.errors import Invalid


@blueprint.post("/administration/people/<int:person_id>/rights")
@requires("person:grant")
def grant_role(person_id: int) -> Any:
    """One more role, for a department and all below it."""
    person = visible_person(person_id)
    form = GrantForm()
    if not form.validate():
        raise Invalid(fields={name: errors[0] for name, errors in form.errors.items() if name})
    ensure(current_person(), "person:grant", person)
    rights.grant_role(current_person(), person, Role(form.role.data), form.chosen_department())
    flash(_("Granted: %(role)s.", role=Role(form.role.data).label), "good")
    return redirect(url_for("accounts.person", person_id=person.id))


@blueprint.post("/administration/people/<int:person_id>/rights/<int:grant_id>/withdraw")
@requires("person:grant")
def withdraw_role(person_id: int, grant_id: int) -> Any:
    """Take a role away."""
    person = visible_person(person_id)
    grant = get_or_404(RoleGrant, grant_id)
    ensure(current_person(), "person:grant", person)
    label = grant.role.label
    rights.withdraw_role(current_person(), person, grant)
    flash(_("Withdrawn: %(role)s.", role=label), "good")
    return redirect(url_for("accounts.person", person_id=person.id))
