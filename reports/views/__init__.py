"""Pages of boards and figures."""

from flask import Blueprint

blueprint = Blueprint("reports", "reports", template_folder="templates")

from reports.views import board, figures, knowledge, statistics  # noqa: E402, F401 - routes
