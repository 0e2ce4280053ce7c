"""Rights: roles granted for a department and all below it, and withdrawn."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit, signals
from accounts.models import Department, Person, RoleGrant
from accounts.roles import SEPARATED, Role
from accounts.services import second_factor
from accounts.services.sessions import end_all_sessions
from config.errors import NotPermitted, Refused
from config.extensions import db
from config.transaction import transactional


def check_separation(roles: set[Role]) -> None:
    """Refused where one person would hold two of the three powers."""
    if len(roles & SEPARATED) > 1:
        raise Refused(
            _("System administrator, security administrator and auditor must be three different people.")
        )


@transactional
def grant_role(by: Person, person: Person, role: Role, department: Department | None) -> RoleGrant:
    """Let `person` be `role` for `department` and all below it (None: for the whole city)."""
    if by.id == person.id:
        raise Refused(_("Nobody grants rights to themselves."))
    path = department.path if department else "/"
    if not any(path.startswith(prefix) for prefix in by.departments_in_scope(Role.SECURITY_ADMIN)):
        raise NotPermitted(_("Your own right does not reach so far."))
    if role is Role.API_CLIENT:
        raise Refused(_("This role comes with an API token."))
    _lock(person)
    for held in person.grants:
        if held.role is role and (role in SEPARATED or held.department_id == _id(department)):
            raise Refused(_("%(name)s has this role already.", name=person.name))
    check_separation({role, *person.roles})
    grant = RoleGrant(role=role, department_id=_id(department))
    person.grants.append(grant)
    db.session.flush()
    if second_factor.demanded(person):
        # The new power is used only by who came in through the second factor.
        end_all_sessions(person, "rights changed")
    audit.record("person:grant", by, ("person", person.id), _said(role, department))
    signals.tell_after_commit(signals.rights_changed, person_id=person.id)
    return grant


@transactional
def withdraw_role(by: Person, person: Person, grant: RoleGrant) -> None:
    """Take a role away again; at once, wherever the person is signed in."""
    if by.id == person.id:
        raise Refused(_("Nobody changes their own rights."))
    _lock(person)
    if grant not in person.grants:
        raise Refused(_("This right was withdrawn already."))
    said = _said(grant.role, grant.department)
    person.grants.remove(grant)
    db.session.flush()
    audit.record("person:withdraw", by, ("person", person.id), said)
    signals.tell_after_commit(signals.rights_changed, person_id=person.id)


def _lock(person: Person) -> None:
    """Two administrators change one person's rights one after the other, each seeing what the other did."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    db.session.expire(person, ["grants"])


def _id(department: Department | None) -> int | None:
    return department.id if department else None


def _said(role: Role, department: Department | None) -> dict[str, str | None]:
    return {"role": role.value, "department": department.code if department else None}
