"""Pages of the knowledge base."""

from __future__ import annotations

from flask import Blueprint, Response, send_from_directory

from accounts.permissions import public

blueprint = Blueprint("knowledge_base", __name__, url_prefix="/knowledge", template_folder="../templates")

_ASSETS = __file__.rsplit("/", 2)[0] + "/assets"


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """The style sheet and the module of these pages."""
    return send_from_directory(_ASSETS, name, max_age=3600)


from knowledge_base.views import (  # noqa: E402, F401 - routes
    comparing,
    corrections,
    editing,
    feedback,
    imports,
    item,
    lists,
    search,
    submissions,
    tasks,
    typing,
    wording,
)
