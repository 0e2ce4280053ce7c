"""Who may read, write and publish knowledge.

Hotline editors work on every shelf, departments on their own; approvers publish, whatever shelf it stands on. That
nobody approves their own text is not a permission but a condition of the table (`workflow.FOUR_EYES`).
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.models import Person
from accounts.permissions import allow, conditions, named, reaches, role_is
from accounts.roles import Role
from knowledge_base.models import CollectionTask, KnowledgeCorrection, KnowledgeItem, KnowledgeVersion

DEPARTMENT_WRITERS = (Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER)
STAFF = tuple(role for role in Role if role is not Role.API_CLIENT)

is_staff = role_is(*STAFF)
is_editor = role_is(Role.KB_EDITOR)
is_approver = role_is(Role.KB_APPROVER)
is_lead = role_is(Role.SHIFT_LEAD)
is_manager = role_is(Role.MANAGER)


def writes_for_a_department(person: Person, _thing: Any) -> bool:
    """The person writes for some department's shelf, whichever."""
    return person.has_role(*DEPARTMENT_WRITERS)


def writes_for_its_department(person: Person, thing: Any) -> bool:
    """The item stands on the shelf of a department the person writes for. `thing`: item, version or correction."""
    item = thing.item if isinstance(thing, KnowledgeVersion | KnowledgeCorrection) else thing
    return isinstance(item, KnowledgeItem) and reaches(person, item.department, *DEPARTMENT_WRITERS)


def asked_of_its_department(person: Person, thing: Any) -> bool:
    """The task is one of a department the person writes for."""
    return isinstance(thing, CollectionTask) and reaches(person, thing.department, *DEPARTMENT_WRITERS)


def register() -> None:
    """Add this subsystem's rows to the table."""
    allow("knowledge:read", is_staff)
    allow("knowledge:read_unpublished", is_editor, is_approver, writes_for_its_department)
    allow("knowledge:write", is_editor, writes_for_a_department)
    allow("knowledge:edit", is_editor, writes_for_its_department)
    allow("knowledge:submit", is_editor)
    allow("knowledge:hand_in", writes_for_its_department)
    allow("knowledge:assess", is_editor)
    allow("knowledge:submissions", is_editor, is_approver, is_manager, writes_for_a_department)
    allow("knowledge:import", is_editor)
    allow("knowledge:approve", is_approver)
    allow("knowledge:shelf", is_editor, is_approver, writes_for_a_department)
    allow("knowledge:wording", is_editor, is_approver)
    allow("knowledge:explain", is_editor, is_approver)
    allow("knowledge:collect", is_editor, is_approver)
    allow("knowledge:tasks", is_editor, is_approver, is_manager, writes_for_a_department)
    allow("knowledge:answer_task", is_editor, asked_of_its_department)
    allow("knowledge:scripts", is_editor, is_lead)
    allow("knowledge:settle", is_editor, is_approver, writes_for_its_department)


named(
    {
        "knowledge:approve": _l("Publish knowledge"),
        "knowledge:explain": _l("See why a hit was found"),
        "knowledge:assess": _l("Accept or refuse departments' submissions"),
        "knowledge:answer_task": _l("Answer a collection task"),
        "knowledge:collect": _l("Make collection tasks"),
        "knowledge:tasks": _l("See collection tasks"),
        "knowledge:edit": _l("Change an item"),
        "knowledge:hand_in": _l("Hand knowledge in to the editors"),
        "knowledge:import": _l("Import files into the knowledge base"),
        "knowledge:read": _l("Read knowledge"),
        "knowledge:read_unpublished": _l("Read what is not published"),
        "knowledge:scripts": _l("Keep scripts"),
        "knowledge:settle": _l("Settle corrections"),
        "knowledge:shelf": _l("See the shelves"),
        "knowledge:wording": _l("Keep the search dictionary"),
        "knowledge:submissions": _l("See submissions and their counts"),
        "knowledge:submit": _l("Submit knowledge for review"),
        "knowledge:write": _l("Write knowledge"),
    }
)
conditions(
    {
        asked_of_its_department: _l("staff of the department that is asked"),
        writes_for_a_department: _l("a department's own staff"),
        writes_for_its_department: _l("staff of the item's department"),
    }
)
