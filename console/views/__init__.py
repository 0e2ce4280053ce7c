"""The shell's own pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("console", __name__)

from console.views import home, preferences, search, styleguide, workbench  # noqa: E402, F401
