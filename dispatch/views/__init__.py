"""Pages of desks, cases and intake: parse, authorise, call one verb, render."""

from flask import Blueprint, Flask

from config.navigation import add_page

blueprint = Blueprint("dispatch", "dispatch", template_folder="templates")

from dispatch.views import (  # noqa: E402, F401
    actions,
    bulk,
    case_page,
    desks,
    drafts,
    files,
    intake,
    search,
    sending,
)


def init_app(app: Flask) -> None:
    """Register the pages and put the desks into the head."""
    from flask_babel import lazy_gettext as _l

    app.register_blueprint(blueprint)
    app.extensions.setdefault("page_styles", []).append("/static/css/dispatch.css")
    for order, (desk, endpoint) in enumerate(desks.ENDPOINTS.items(), start=20):
        add_page(endpoint, desk._label, f"desk:{desk.value}", order, counter=desks.counter(desk))
    add_page("dispatch.case_search", _l("Cases"), "case:list", 40)
