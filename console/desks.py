"""Where each role works."""

from __future__ import annotations

from collections.abc import Container

from accounts.models import Person
from accounts.roles import Role

DESKS: tuple[tuple[Role, str], ...] = (
    (Role.AGENT, "console.workbench"),
    (Role.SHIFT_LEAD, "console.workbench"),
    (Role.DISPATCHER, "dispatch.dispatch_desk"),
    (Role.REVIEWER, "dispatch.review_desk"),
    (Role.CALLBACK_AGENT, "dispatch.callback_desk"),
    (Role.SUPERVISION_OFFICER, "dispatch.supervision_desk"),
    (Role.CASE_OFFICER, "dispatch.inbox"),
    (Role.DEPARTMENT_APPROVER, "dispatch.inbox"),
    (Role.MANAGER, "reports.board"),
)
"""In the order of preference for who holds several roles: those who take calls must be ready to."""


def desk_of(person: Person, endpoints: Container[str]) -> str | None:
    """The endpoint of the desk where `person` works, of those that exist; None for who has no desk."""
    return next(
        (endpoint for role, endpoint in DESKS if person.has_role(role) and endpoint in endpoints), None
    )
