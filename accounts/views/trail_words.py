"""Names, on the page of the audit trail, of what rows are about and of the facts in them, whichever package wrote them.

What has no name here is shown as it was written: a row is evidence, and none of it is hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from accounts.roles import Role

SUBJECTS: Mapping[str, Any] = {
    "address": _l("Address"),
    "break_allowance": _l("Length of breaks"),
    "call": _lp("audit", "Call"),
    "call_queue": _l("Queue"),
    "case": _lp("audit", "Case"),
    "cti_line": _l("Other switch"),
    "department": _l("Department"),
    "ivr_flow": _l("Call flow"),
    "ivr_sound": _l("Recorded prompt"),
    "ivr_version": _l("Version of a call flow"),
    "knowledge": _l("Knowledge"),
    "knowledge_import": _l("Import"),
    "knowledge_task": _l("Collection task"),
    "knowledge_words": _l("Search dictionary"),
    "number": _l("Number"),
    "number_rule": _l("Number rule"),
    "person": _lp("audit", "Person"),
    "seat": _l("Seat"),
    "token": _l("API token"),
}
FACTS: Mapping[str, Any] = {
    "agent_id": _lp("audit", "Agent, by their number"),
    "browser": _l("Browser"),
    "call_no": _l("Call number"),
    "case_no": _l("Case number"),
    "changed": _lp("audit", "Changed"),
    "code": _l("Code"),
    "days": _lp("audit", "Days"),
    "filters": _l("Filters"),
    "flow": _l("Call flow"),
    "followed": _lp("audit", "Followed the call to them"),
    "from_another": _l("Taken from somebody else"),
    "item_no": _l("Item number"),
    "items": _lp("audit", "Items"),
    "level": _l("Level"),
    "login": _l("Login"),
    "minutes": _l("Minutes"),
    "name": _lp("audit", "Name"),
    "number": _l("Number"),
    "numbers": _l("Numbers"),
    "on": _lp("audit", "Switched on"),
    "priority": _l("Priority"),
    "reason": _lp("audit", "Cause"),
    "recording": _l("Recording"),
    "roles": _l("Roles"),
    "scopes": _l("Scopes"),
    "seconds": _lp("audit", "Seconds"),
    "skills": _l("Skills"),
    "task_no": _l("Task number"),
    "to": _lp("audit", "To"),
    "version": _l("Version"),
    "why": _lp("audit", "Why"),
}


def subject_name(kind: str) -> str:
    """`Person`, for `person`."""
    return str(SUBJECTS.get(kind, kind))


def facts_in_words(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, value) of each fact."""
    return [(str(FACTS.get(name, name)), _value(name, value)) for name, value in detail.items()]


def _value(name: str, value: Any) -> str:
    if name == "roles" and isinstance(value, list):
        roles = {role.value: role.label for role in Role}
        return _(", ").join(roles.get(one, str(one)) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return _(", ").join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
