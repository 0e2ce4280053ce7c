"""The agent's workbench: caller, case form and knowledge on one screen."""

from __future__ import annotations

from flask import render_template

from accounts.permissions import requires
from console.views import blueprint


@blueprint.get("/workbench")
@requires("console:workbench")
def workbench() -> str:
    return render_template("console/workbench.html")
