"""The live board, on a desk and on a wall."""

from __future__ import annotations

import csv
import io

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from accounts.permissions import requires
from config import clock
from dispatch.workflow import CaseState
from hotline.words import AgentState
from reports import board as live
from reports.kpis import KPIS
from reports.views import blueprint


@blueprint.get("/board")
@requires("board:view")
def board() -> str:
    """Everything at a glance, with a way to the rows behind each figure."""
    return _page("reports/board.html")


@blueprint.get("/board/wall")
@requires("board:view")
def wall() -> str:
    """The same for the wall: dark, readable at ten metres."""
    return _page("reports/wall.html")


def _page(template: str) -> str:
    return render_template(
        template,
        board=live.board(),
        curve=live.day_curve(),
        kpis=KPIS,
        today=clock.today().isoformat(),
        case_states={state.value: state for state in CaseState},
        agent_states={state.value: state for state in AgentState},
    )


@blueprint.get("/board/figures")
@requires("board:view")
def board_figures() -> Response:
    """The newest snapshot, for pages whose socket is away and to say that somebody looks."""
    return jsonify(live.board())


@blueprint.get("/board/curve")
@requires("board:view")
def board_curve() -> Response:
    """Today by half hours: JSON, or CSV with `?format=csv`."""
    curve = live.day_curve()
    if request.args.get("format") != "csv":
        return jsonify(curve)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Time"), _("Offered"), _("Answered by a person"), _("Abandoned")])
    writer.writerows([row["at"], row["offered"], row["answered"], row["abandoned"]] for row in curve)
    name = f"calls-{clock.today().isoformat()}.csv"
    return Response(
        "\ufeff" + out.getvalue(),  # the mark by which spreadsheets know UTF-8
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
