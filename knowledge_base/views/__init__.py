"""Pages of the knowledge base."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, send_from_directory, url_for

from accounts.permissions import public
from knowledge_base.search import Hit

blueprint = Blueprint("knowledge_base", __name__, url_prefix="/knowledge", template_folder="../templates")

_ASSETS = __file__.rsplit("/", 2)[0] + "/assets"


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """The style sheet and the module of these pages."""
    return send_from_directory(_ASSETS, name, max_age=3600)


@blueprint.app_template_global()
def hit_href(hit: Hit, dated: Any = None, **more: Any) -> str:
    """Where a hit leads: the passage of its item (if `dated`, in the version of that day), or the department's page."""
    if hit.office:
        more.pop("q", None)
        return url_for("knowledge_base.office_page", code=hit.office, **more)
    return url_for(
        "knowledge_base.item_page",
        item_id=hit.item_id,
        **more,
        version=hit.version if dated else None,
        passage=hit.passage,
        _anchor=f"p{hit.passage}",
    )


@blueprint.app_template_global()
def used_href(hit: Hit) -> str:
    """Where a use of it is counted."""
    if hit.office:
        return url_for("knowledge_base.office_used", code=hit.office)
    return url_for("knowledge_base.used", item_id=hit.item_id, version=hit.version)


from knowledge_base.views import (  # noqa: E402, F401 - routes
    comparing,
    corrections,
    directory,
    editing,
    feedback,
    helping,
    imports,
    item,
    lists,
    search,
    submissions,
    tasks,
    typing,
    wording,
)
