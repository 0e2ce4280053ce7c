"""Who may use which part of the shell."""

from __future__ import annotations

from accounts.permissions import allow, anyone, role_is
from accounts.roles import Role

TAKES_CALLS = (Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK_AGENT)

allow("console:use", anyone)
allow("console:workbench", role_is(Role.AGENT, Role.SHIFT_LEAD))
allow("console:callbar", role_is(*TAKES_CALLS))
allow("console:styleguide", anyone)
