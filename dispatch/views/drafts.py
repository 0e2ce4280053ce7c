"""What is being typed, kept as it is typed."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from dispatch import services
from dispatch.views import blueprint

_NOT_KEPT = frozenset({"csrf_token", "version", "desk", "view", "beside"})


@blueprint.put("/cases/drafts/<key>")
@requires("case:list")
def keep_draft(key: str) -> Response:
    """Save a form: JSON `{"data": {…}, "version": n}` → `{"version": n + 1}`. A draft is its writer's alone."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise Invalid(fields={"data": _("This must be an object.")})
    fields = {name: value for name, value in body["data"].items() if name not in _NOT_KEPT}
    services.save_draft(current_person(), key, fields)
    version = body.get("version")
    known = version if isinstance(version, int) and 0 <= version < 2**31 else 0
    return jsonify(version=known + 1)


@blueprint.delete("/cases/drafts/<key>")
@requires("case:list")
def drop_draft(key: str) -> Response:
    """Throw it away."""
    services.discard_draft(current_person(), key)
    return jsonify(version=0)
