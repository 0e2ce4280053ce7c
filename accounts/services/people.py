"""People: made, granted roles, sent away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import Department, Person, RoleGrant
from accounts.roles import Role
from accounts.services.passwords import hash_password
from accounts.services.sessions import end_all_sessions
from config import clock, ids
from config.errors import Invalid, Refused
from config.extensions import db
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
        name=name,
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


SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Three powers that no one person holds two of (三员分立, domain § 1)."""


@transactional
def change_person(
    by: Person,
    person: Person,
    *,
    name: str,
    department: Department | None,
    staff_no: str = "",
    language: str = "zh",
) -> None:
    """Change what is known of a person."""
    if not name.strip():
        raise Invalid(fields={"name": _("This is needed.")})
    person.name, person.staff_no, person.language = name.strip()[:80], staff_no.strip()[:32], language
    person.department_id = department.id if department else None
    audit.record("person:change", by, ("person", person.id))


@transactional
def grant_roles(by: Person, person: Person, roles: Iterable[Role], department: Department | None) -> None:
    """Make `roles`, for `department` and below (None: the city), all that the person holds."""
    wanted = set(roles)
    check_separation(wanted)
    if by.id == person.id:
        raise Refused(_("Nobody grants rights to themselves."))
    before = sorted(role.value for role in person.roles)
    person.grants = []
    db.session.flush()
    person.grants = [
        RoleGrant(role=role, department_id=department.id if department else None) for role in sorted(wanted)
    ]
    db.session.flush()
    after = sorted(role.value for role in wanted)
    detail = {"before": before, "after": after, "department": department.code if department else None}
    audit.record("person:grant", by, ("person", person.id), detail)


def check_separation(roles: set[Role]) -> None:
    """Refused where one person would hold two of the three powers."""
    if len(roles & SEPARATED) > 1:
        raise Refused(
            _("System administrator, security administrator and auditor must be three different people.")
        )


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
    """A new first password, told once; it must be changed at the next sign-in."""
    password = f"{ids.random_code(6)}-{ids.random_code(6).lower()}"
    person.password_hash = hash_password(password)
    person.must_change_password = True
    person.failed_attempts, person.locked_until = 0, None
    end_all_sessions(person, "password reset")
    audit.record("person:reset_password", by, ("person", person.id))
    return password
