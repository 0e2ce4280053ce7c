"""The desk of missed calls."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request

from accounts.identity import current_person
from accounts.permissions import requires
from config import clock
from config.paging import page
from hotline import queries
from hotline.services import missed
from hotline.views import blueprint
from hotline.views.bar_state import bar_state


@blueprint.get("/missed-calls")
@requires("missed:call")
def missed_desk() -> str:
    settled = request.args.get("view") == "settled"
    found = page(queries.missed_calls(settled), queries.missed_keys(settled), request.args.get("cursor"), 25)
    return render_template(
        "hotline/missed.html", missed=found, settled=settled, moment=clock.now(), due=queries.missed_due()
    )


@blueprint.post("/missed-calls/<int:number>/call")
@requires("missed:call")
def call_missed(number: int) -> Response:
    """The agent's telephone rings, then the citizen's; answered with the call bar."""
    missed.call_back(current_person(), number)
    return jsonify(bar_state(current_person()))
