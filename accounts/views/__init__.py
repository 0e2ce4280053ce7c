"""Pages of sign-in, one's own account, and administration."""

from flask import Blueprint

blueprint = Blueprint("accounts", "accounts", template_folder="templates")

from accounts.views import sign_in  # noqa: E402, F401 - routes
