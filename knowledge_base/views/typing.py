"""What is being typed in the editor, kept as it is typed (`data-autosave`)."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from knowledge_base.services import forget_typing, keep_typing
from knowledge_base.views import blueprint


@blueprint.put("/typing/<key>")
@requires("knowledge:write")
def typed(key: str) -> Response:
    """JSON `{"data": {field: text}, "version": n}` → `{"version": n + 1}`."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise Invalid(fields={"data": _("This must be an object.")})
    keep_typing(current_person(), key, body["data"])
    version = body.get("version")
    return jsonify(version=version + 1 if isinstance(version, int) and 0 <= version < 2**31 else 1)


@blueprint.post("/typing/<key>/forget")
@requires("knowledge:write")
def forget(key: str) -> Response:
    """Throw it away and show the editor without it."""
    forget_typing(current_person(), key)
    return Response(status=204, headers={"HX-Refresh": "true"})
