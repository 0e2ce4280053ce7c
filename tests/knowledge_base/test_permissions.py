"""Who may do what: an allow and a deny for every permission."""

from __future__ import annotations

import pytest

from accounts.permissions import may, table
from accounts.roles import Role
from knowledge_base import permissions
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_item

OURS = [
    "knowledge:read",
    "knowledge:read_unpublished",
    "knowledge:write",
    "knowledge:edit",
    "knowledge:approve",
    "knowledge:shelf",
    "knowledge:settle",
    "knowledge:wording",
    "knowledge:explain",
    "knowledge:submit",
    "knowledge:hand_in",
    "knowledge:assess",
    "knowledge:submissions",
    "knowledge:import",
    "knowledge:collect",
    "knowledge:tasks",
    "knowledge:answer_task",
    "knowledge:scripts",
]

ALLOWED = {
    "knowledge:read": set(permissions.STAFF),
    "knowledge:read_unpublished": {Role.KB_EDITOR, Role.KB_APPROVER},
    "knowledge:write": {Role.KB_EDITOR, Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER},
    "knowledge:edit": {Role.KB_EDITOR},
    "knowledge:approve": {Role.KB_APPROVER},
    "knowledge:shelf": {Role.KB_EDITOR, Role.KB_APPROVER, Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER},
    "knowledge:settle": {Role.KB_EDITOR, Role.KB_APPROVER},
    "knowledge:wording": {Role.KB_EDITOR, Role.KB_APPROVER},
    "knowledge:explain": {Role.KB_EDITOR, Role.KB_APPROVER},
    "knowledge:submit": {Role.KB_EDITOR},
    "knowledge:hand_in": set(),
    "knowledge:assess": {Role.KB_EDITOR},
    "knowledge:import": {Role.KB_EDITOR},
    "knowledge:collect": {Role.KB_EDITOR, Role.KB_APPROVER},
    "knowledge:answer_task": {Role.KB_EDITOR},
    "knowledge:scripts": {Role.KB_EDITOR, Role.SHIFT_LEAD},
    "knowledge:tasks": {
        Role.KB_EDITOR,
        Role.KB_APPROVER,
        Role.MANAGER,
        Role.CASE_OFFICER,
        Role.DEPARTMENT_APPROVER,
    },
    "knowledge:submissions": {
        Role.KB_EDITOR,
        Role.KB_APPROVER,
        Role.MANAGER,
        Role.CASE_OFFICER,
        Role.DEPARTMENT_APPROVER,
    },
}


def test_no_permission_of_ours_is_forgotten_here(app):
    assert sorted(OURS) == [name for name in table() if name.startswith("knowledge:")]


@pytest.mark.parametrize("permission", OURS)
def test_exactly_these_roles_hold_it_wherever_they_work(app, permission):
    elsewhere, item = make_department(), make_item()
    holders = {
        role for role in Role if may(make_person(roles=(role,), department=elsewhere), permission, item)
    }
    assert holders == ALLOWED[permission]


@pytest.mark.parametrize(
    "permission", ["knowledge:edit", "knowledge:read_unpublished", "knowledge:settle", "knowledge:hand_in"]
)
@pytest.mark.parametrize("role", permissions.DEPARTMENT_WRITERS)
def test_a_department_works_on_its_own_shelf_and_those_below(app, permission, role):
    bureau = make_department()
    street, other = make_department(parent=bureau), make_department()
    officer = make_person(roles=(role,), department=bureau)
    assert may(officer, permission, make_item(department=bureau))
    assert may(officer, permission, make_item(department=street))
    assert not may(officer, permission, make_item(department=other))
    assert not may(make_person(roles=(role,), department=street), permission, make_item(department=bureau))


def test_who_has_left_may_nothing(app):
    gone = make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    gone.active = False
    assert not any(may(gone, permission, make_item()) for permission in OURS)
