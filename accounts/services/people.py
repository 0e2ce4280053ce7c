"""People: made, granted roles, sent away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit, signals
from accounts.identity import acting_as, current_person_or_none
from accounts.models import Department, Person, RoleGrant
from accounts.roles import Role
from accounts.services.naming import needed_name
from accounts.services.passwords import first_password, hash_password
from accounts.services.rights import check_separation
from accounts.services.sessions import end_all_sessions
from config import clock
from config.errors import Invalid, Refused
from config.extensions import db
from config.phones import normalise_phone
from config.transaction import transactional

_LOGIN = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")


@transactional
def create_person(
    login: str,
    name: str,
    department: Department | None = None,
    roles: Iterable[Role] = (),
    password: str | None = None,
    *,
    must_change_password: bool = True,
    staff_no: str = "",
    totp_exempt: bool = False,
) -> Person:
    """Make a person. Roles reach the person's department and below; without one, the whole city."""
    roles = tuple(roles)
    check_separation(set(roles))
    login = login.strip().lower()
    if not _LOGIN.match(login):
        raise Invalid(fields={"login": _("Two to 64 small letters, digits, dots or hyphens.")})
    if db.session.scalar(select(Person.id).where(Person.login == login)):
        raise Invalid(fields={"login": _("This login is taken.")})
    person = Person(
        login=login,
        name=needed_name(name),
        department_id=department.id if department else None,
        password_hash=hash_password(password) if password else "",
        must_change_password=must_change_password,
        staff_no=staff_no,
        totp_exempt=totp_exempt,
        created_at=clock.now(),
    )
    person.grants = [
        RoleGrant(role=role, department_id=department.id if department else None) for role in roles
    ]
    db.session.add(person)
    db.session.flush()
    audit.record(
        "person:create",
        current_person_or_none(),
        ("person", person.id),
        {"login": login, "roles": sorted(role.value for role in roles)},
    )
    return person


@transactional
def employ_person(
    by: Person, login: str, name: str, department: Department | None, staff_no: str = "", phone: str = ""
) -> tuple[Person, str]:
    """Make a person without any role, as the page does. The first password is told once and kept nowhere."""
    password = first_password()
    with acting_as(by):
        person = create_person(login, name, department, (), password, staff_no=staff_no)
    person.phone = normalise_phone(phone) if phone else None
    return person, password


@transactional
def change_person(
    by: Person,
    person: Person,
    *,
    name: str,
    department: Department | None,
    staff_no: str = "",
    phone: str = "",
) -> None:
    """Change what is known of a person. Their rights stay as granted, wherever they now work."""
    before = {"name": person.name, "staff_no": person.staff_no, "department": _code(person.department)}
    person.name, person.staff_no = needed_name(name), staff_no.strip()
    person.phone = normalise_phone(phone) if phone else None
    person.department = department
    after = {"name": person.name, "staff_no": person.staff_no, "department": _code(department)}
    if before["department"] != after["department"]:
        signals.tell_after_commit(signals.rights_changed, person_id=person.id)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    audit.record("person:change", by, ("person", person.id), changed)


@transactional
def choose_language(person: Person, language: str) -> None:
    """The language in which the console speaks to this person."""
    person.language = language


def _code(department: Department | None) -> str | None:
    return department.code if department else None


@transactional
def set_active(by: Person, person: Person, active: bool) -> None:
    """Send away, or take back. Who is sent away is signed out everywhere."""
    if by.id == person.id:
        raise Refused(_("Nobody sends themselves away."))
    person.active = active
    if not active:
        end_all_sessions(person, "deactivated")
    audit.record("person:activate" if active else "person:deactivate", by, ("person", person.id))


@transactional
def reset_password(by: Person, person: Person) -> str:
    """A new first password, told once; it must be changed at the next sign-in. The person is signed out."""
    password = first_password()
    person.password_hash = hash_password(password)
    person.must_change_password = True
    person.failed_attempts, person.locked_until = 0, None
    end_all_sessions(person, "password reset")
    audit.record("person:reset_password", by, ("person", person.id))
    return password
