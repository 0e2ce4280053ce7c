"""Who may look at boards and figures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.permissions import allow, named, role_is
from accounts.roles import Role

LOOKERS = (
    Role.AGENT,
    Role.SHIFT_LEAD,
    Role.DISPATCHER,
    Role.REVIEWER,
    Role.CALLBACK_AGENT,
    Role.SUPERVISION_OFFICER,
    Role.QC_INSPECTOR,
    Role.PLANNER,
    Role.MANAGER,
)

allow("board:view", role_is(*LOOKERS))
allow("kpi:view", role_is(*LOOKERS, Role.DEPARTMENT_APPROVER, Role.AUDITOR))
allow(
    "statistics:calls",
    role_is(Role.SHIFT_LEAD, Role.MANAGER, Role.PLANNER, Role.QC_INSPECTOR, Role.SUPERVISION_OFFICER),
)

allow("monitor:knowledge", role_is(Role.KB_EDITOR, Role.KB_APPROVER, Role.MANAGER))

named(
    {
        "board:view": _l("See the board"),
        "kpi:view": _l("See the KPIs"),
        "monitor:knowledge": _l("See the knowledge monitor"),
        "statistics:calls": _l("See the statistics of calls"),
    }
)
