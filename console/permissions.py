"""Who may use which part of the shell."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.permissions import allow, anyone, named, role_is
from accounts.roles import Role

allow("console:use", anyone)
allow("console:workbench", role_is(Role.AGENT, Role.SHIFT_LEAD))
allow("console:styleguide", anyone)
allow("console:health", role_is(Role.SYSTEM_ADMIN))

named(
    {
        "console:styleguide": _l("See the page of components"),
        "console:health": _l("See whether the parts of the hotline are there"),
        "console:use": _l("Use the console"),
        "console:workbench": _l("Use the workbench"),
    }
)
