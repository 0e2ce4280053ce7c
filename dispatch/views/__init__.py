"""Pages of desks, cases and intake."""

from flask import Blueprint

blueprint = Blueprint("dispatch", "dispatch", template_folder="templates")

from dispatch.views import cases, desks, intake  # noqa: E402, F401 - routes
