"""Where search forms are sent, so that no number that is looked for stands in an address."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.discreet import SEALED, sealed
from accounts.identity import current_person
from accounts.permissions import requires
from accounts.views import blueprint
from config.errors import Invalid

_NOT_ASKED = frozenset({"to", "csrf_token"})


@blueprint.post("/find")
@requires("account:own")
def find() -> Response:
    """On to the list `to` (a path of ours), with what was filled in as its filters."""
    to, person = request.form.get("to", ""), current_person()
    if not to.startswith("/") or to.startswith("//") or "\\" in to or not to.isprintable():
        raise Invalid(fields={"to": _("There is no such page.")})
    filters = [
        (name, sealed(value, person) if name in SEALED else value)
        for name, value in request.form.items(multi=True)
        if name not in _NOT_ASKED
    ]
    return redirect(f"{to.partition('?')[0]}?{urlencode(filters)}", 303)
