"""Who may do what on this floor: its rows of the permission table.

The three powers (三员分立) watch each other: the system administrator keeps people, departments and second factors, the
security administrator grants roles and resets passwords, the auditor reads the trail. Passwords and second factors lie
in different hands, so that nobody alone can take over the account of another administrator.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.models import Department, Person
from accounts.permissions import allow, anyone, conditions, named, reaches, role_is
from accounts.roles import SEPARATED, Role


def _reaches(person: Person, thing: Any, *roles: Role) -> bool:
    """A grant of `roles` reaches the department, or the department of the person; without a thing: any grant."""
    if thing is None:
        return person.has_role(*roles)
    if "/" in person.departments_in_scope(*roles):
        return True
    return reaches(person, thing if isinstance(thing, Department) else thing.department, *roles)


def describes_it(person: Person, thing: Any) -> bool:
    """Staff of the department or of one above it, knowledge editors, and its system administrators."""
    return person.has_role(Role.KB_EDITOR) or _reaches(
        person, thing, Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER, Role.SYSTEM_ADMIN
    )


def under(parent: Department | None) -> Department:
    """What an administrator must reach to hang a department under `parent`; at the root only the whole city does."""
    return parent if parent is not None else Department(path="")


def administrator_of(person: Person, thing: Any) -> bool:
    """One of the three, whose grant reaches the department or person."""
    return _reaches(person, thing, *SEPARATED)


def system_administrator_of(person: Person, thing: Any) -> bool:
    """A system administrator whose grant reaches the department or person."""
    return _reaches(person, thing, Role.SYSTEM_ADMIN)


def system_administrator_of_another(person: Person, thing: Any) -> bool:
    """A system administrator whose grant reaches the person, who is somebody else."""
    return person is not thing and _reaches(person, thing, Role.SYSTEM_ADMIN)


def security_administrator_of_another(person: Person, thing: Any) -> bool:
    """A security administrator whose grant reaches the person, who is somebody else."""
    return person is not thing and _reaches(person, thing, Role.SECURITY_ADMIN)


def register() -> None:
    """Add the rows."""
    allow("account:own", anyone)
    allow("person:list", role_is(*SEPARATED))
    allow("person:see", administrator_of)
    allow("person:create", system_administrator_of)
    allow("person:change", system_administrator_of)
    allow("person:reset_second_factor", system_administrator_of_another)
    allow("person:grant", security_administrator_of_another)
    allow("person:reset_password", security_administrator_of_another)
    allow("person:deactivate", security_administrator_of_another)
    allow("department:list", role_is(*SEPARATED, Role.MANAGER))
    allow("department:change", system_administrator_of)
    allow("department:describe", describes_it)
    allow("department:import", role_is(Role.SYSTEM_ADMIN))
    allow("permission:read", role_is(*SEPARATED))
    allow("token:list", role_is(*SEPARATED))
    allow("token:create", role_is(Role.SECURITY_ADMIN))
    allow("token:revoke", role_is(Role.SECURITY_ADMIN))
    allow("audit:read", role_is(Role.AUDITOR))
    named(
        {
            "account:own": _l("Keep one's own account"),
            "audit:read": _l("Read the audit trail"),
            "department:change": _l("Change departments"),
            "department:describe": _l("Keep the directory's entry of a department"),
            "department:import": _l("Import departments"),
            "department:list": _l("See the department tree"),
            "permission:read": _l("Read this table"),
            "person:change": _l("Change a person"),
            "person:create": _l("Add people"),
            "person:deactivate": _l("Deactivate a person"),
            "person:grant": _l("Grant and withdraw roles"),
            "person:list": _l("List people"),
            "person:reset_password": _l("Give a new first password"),
            "person:reset_second_factor": _l("Reset the second factor"),
            "person:see": _l("See a person"),
            "token:create": _l("Create API tokens"),
            "token:list": _l("List API tokens"),
            "token:revoke": _l("Revoke API tokens"),
        }
    )
    conditions(
        {
            administrator_of: _l("an administrator within reach"),
            describes_it: _l(
                "staff of the department or one above it, a knowledge editor, a system administrator within reach"
            ),
            system_administrator_of: _l("a system administrator within reach"),
            system_administrator_of_another: _l("a system administrator within reach, not of oneself"),
            security_administrator_of_another: _l("a security administrator within reach, not of oneself"),
        }
    )
