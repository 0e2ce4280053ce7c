"""What several views need: a thing by its number, and the fields an Invalid names."""

from __future__ import annotations

from typing import Any, TypeVar

from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.models import Department, Person
from accounts.permissions import may
from accounts.roles import Role
from config.errors import Invalid, NotFound
from config.extensions import db
from config.web.forms import show_errors

T = TypeVar("T")


def get_or_404(model: type[T], key: int) -> T:
    """The row of that number; NotFound if there is none."""
    found = db.session.get(model, key)
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found


def visible_person(person_id: int) -> Person:
    """The person, if the one who asks may see them. Otherwise there is nobody."""
    found = get_or_404(Person, person_id)
    if found.has_role(Role.API_CLIENT) or not may(current_person(), "person:see", found):
        raise NotFound(_("There is no such entry."))
    return found


def department_or_404(department_id: int) -> Department:
    """The department of that number."""
    return get_or_404(Department, department_id)


def show_invalid(form: Any, invalid: Invalid) -> None:
    """Put each error beside the field it names; one without a field of its own stands at the first."""
    first = next(iter(form)).name
    show_errors(form, invalid.fields or {first: invalid.message}, first)
