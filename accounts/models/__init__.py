"""Tables of people, departments, sign-in and the audit trail."""

from accounts.models.audit import AuditEntry
from accounts.models.department import Department, DepartmentKind, DepartmentLevel
from accounts.models.person import Person, RoleGrant
from accounts.models.session import SignInSession
from accounts.models.token import ApiToken

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Department",
    "DepartmentKind",
    "DepartmentLevel",
    "Person",
    "RoleGrant",
    "SignInSession",
]
