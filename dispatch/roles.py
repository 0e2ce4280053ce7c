"""Groups of roles: who works on cases in the departments, and who at the centre."""

from __future__ import annotations

from accounts.roles import Role

DEPARTMENT_ROLES = (Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER)
CENTRE_ROLES = (
    Role.AGENT,
    Role.SHIFT_LEAD,
    Role.DISPATCHER,
    Role.REVIEWER,
    Role.CALLBACK_AGENT,
    Role.SUPERVISION_OFFICER,
    Role.QC_INSPECTOR,
    Role.MANAGER,
    Role.API_CLIENT,
)
