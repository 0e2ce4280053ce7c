"""Who may use which part of the shell."""

from __future__ import annotations

from accounts.permissions import allow, anyone, role_is
from accounts.roles import Role

allow("console:use", anyone)
allow("console:workbench", role_is(Role.AGENT, Role.SHIFT_LEAD))
allow("console:styleguide", anyone)
