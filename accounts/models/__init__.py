"""Tables of people, departments, sign-in and the audit trail."""

from accounts.models.attempts import AddressAttempts
from accounts.models.audit import AuditCheck, AuditEntry, ChainFault
from accounts.models.department import Department, DepartmentKind, DepartmentLevel
from accounts.models.person import Person, RoleGrant
from accounts.models.session import SignInSession
from accounts.models.token import ApiToken

__all__ = [
    "AddressAttempts",
    "ApiToken",
    "AuditCheck",
    "AuditEntry",
    "ChainFault",
    "Department",
    "DepartmentKind",
    "DepartmentLevel",
    "Person",
    "RoleGrant",
    "SignInSession",
]
