"""Pages of the knowledge base."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, send_from_directory

from accounts.identity import current_person
from accounts.permissions import may, public

blueprint = Blueprint("knowledge_base", __name__, url_prefix="/knowledge", template_folder="../templates")


@blueprint.context_processor
def _for_templates() -> dict[str, Any]:
    """`may("knowledge:write")`: whether to show a button at all."""
    return {"may": lambda permission, thing=None: may(current_person(), permission, thing)}


_ASSETS = __file__.rsplit("/", 2)[0] + "/assets"


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """The style sheet and the module of these pages."""
    return send_from_directory(_ASSETS, name, max_age=3600)


from knowledge_base.views import editing, feedback, item, lists, search  # noqa: E402, F401 - routes
