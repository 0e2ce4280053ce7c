"""People: made, granted roles, sent away."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import Department, Person, RoleGrant
from accounts.roles import Role
from accounts.services.passwords import hash_password
from config import clock
from config.extensions import db
from config.transaction import transactional


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
