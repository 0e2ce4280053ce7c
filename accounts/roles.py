"""The roles of domain § 1."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from config.words import Hue, Word


class Role(Word):
    """Who works here. A role is granted for a department and reaches down its tree."""

    AGENT = "agent", _l("Agent"), Hue.QUIET
    SHIFT_LEAD = "shift_lead", _l("Shift lead"), Hue.QUIET
    DISPATCHER = "dispatcher", _l("Dispatcher"), Hue.QUIET
    REVIEWER = "reviewer", _l("Reviewer"), Hue.QUIET
    CALLBACK_AGENT = "callback_agent", _l("Callback agent"), Hue.QUIET
    CASE_OFFICER = "case_officer", _l("Case officer"), Hue.QUIET
    DEPARTMENT_APPROVER = "department_approver", _l("Department approver"), Hue.QUIET
    SUPERVISION_OFFICER = "supervision_officer", _l("Supervision officer"), Hue.QUIET
    KB_EDITOR = "kb_editor", _l("Knowledge editor"), Hue.QUIET
    KB_APPROVER = "kb_approver", _l("Knowledge approver"), Hue.QUIET
    QC_INSPECTOR = "qc_inspector", _l("Quality inspector"), Hue.QUIET
    PLANNER = "planner", _l("Planner"), Hue.QUIET
    MANAGER = "manager", _l("Manager"), Hue.QUIET
    SYSTEM_ADMIN = "system_admin", _l("System administrator"), Hue.QUIET
    SECURITY_ADMIN = "security_admin", _l("Security administrator"), Hue.QUIET
    AUDITOR = "auditor", _l("Auditor"), Hue.QUIET
    API_CLIENT = "api_client", _l("API client"), Hue.QUIET


SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Three powers that no one person holds two of (三员分立, domain § 1). They sign in with a second factor."""
