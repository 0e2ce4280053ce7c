"""Pages of sign-in, one's own account, and administration."""

from flask import Blueprint

blueprint = Blueprint("accounts", "accounts", template_folder="templates")

from accounts.views import (  # noqa: E402, F401 - routes
    account,
    departments,
    discreet,
    people,
    permissions,
    rights,
    sign_in,
    tokens,
    trail,
)
