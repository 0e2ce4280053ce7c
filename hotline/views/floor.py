"""The floor as the shift lead sees it: every seat and queue, live, and what may be done there."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import may, requires
from accounts.roles import Role
from config.errors import NotFound
from config.extensions import db
from config.text import whole_number
from hotline import interfaces, queries
from hotline.forms.floor import FloorForm, allowance_form, allowed_minutes
from hotline.queries.seats import seat_rows
from hotline.services import breaks, leading
from hotline.views import blueprint
from hotline.views.bar_state import bar_state

LOOKERS = (Role.SHIFT_LEAD, Role.MANAGER, Role.PLANNER)
MOST_AT_ONCE = 1000
BETWEEN = "\x1e"  # a character that stands in no name


@blueprint.get("/floor")
@requires("floor:watch")
def floor() -> str:
    """`?site=&skill=&department=&state=`"""
    person, form = current_person(), FloorForm(request.args)
    may_lead = may(person, "floor:lead")
    return render_template(
        "hotline/floor.html",
        form=form,
        rows=seat_rows(person, form.filters(_within(person)), may_lead),
        may_lead=may_lead,
        allowances=allowance_form() if may(person, "break_allowance:save") else None,
        **_beside(person),
    )


@blueprint.get("/floor/news")
@requires("floor:watch")
def floor_news() -> Response:
    """`{seats: {id: row}, help, queues, counts}` as HTML, for the seats asked for by `?seats=1,2`; a row that is not
    among those the filters leave is null."""
    person, form = current_person(), FloorForm(request.args)
    asked = request.args.get("seats", "").split(",")[:MOST_AT_ONCE]
    wanted = {number for one in asked if (number := whole_number(one)) is not None}
    may_lead = may(person, "floor:lead")
    rows = seat_rows(person, form.filters(_within(person)), may_lead, wanted) if wanted else []
    beside = _beside(person)
    seats: dict[int, str | None] = dict.fromkeys(wanted)
    drawn = render_template(
        "hotline/floor_rows.html", rows=rows, between=BETWEEN, states=beside["states"]
    ).split(BETWEEN)
    seats |= {row.seat.id: html for row, html in zip(rows, drawn, strict=False)}
    return jsonify(
        seats=seats,
        help=render_template("hotline/floor_help.html", may_lead=may_lead, **beside),
        queues=render_template("hotline/floor_queues.html", **beside),
        counts=render_template("hotline/floor_counts.html", **beside),
    )


DEEDS = {
    "not-ready": leading.force_not_ready,
    "ready": leading.force_ready,
    "sign-off": leading.force_sign_off,
}


@blueprint.post("/floor/agents/<int:agent_id>/<any('not-ready', 'ready', 'sign-off'):deed>")
@requires("floor:lead")
def lead_agent(agent_id: int, deed: str) -> Response:
    """Steer an agent; their new state comes by the socket."""
    DEEDS[deed](current_person(), _agent(agent_id))
    return jsonify(done=True)


@blueprint.post("/floor/agents/<int:agent_id>/message")
@requires("floor:lead")
def message_agent(agent_id: int) -> Response:
    """`{words}`"""
    body = request.get_json(silent=True)
    words = body.get("words") if isinstance(body, dict) else request.form.get("words")
    leading.send_message(current_person(), _agent(agent_id), str(words or ""))
    return jsonify(done=True)


@blueprint.post("/floor/allowances")
@requires("break_allowance:save")
def save_allowances() -> WerkzeugResponse | tuple[str, int]:
    """How long breaks may last."""
    form = allowance_form()
    if not form.validate_on_submit():
        return render_template("hotline/allowances.html", allowances=form), 422
    breaks.save_allowances(current_person(), allowed_minutes(form))
    flash(_("Done."))
    return redirect(url_for("hotline.floor"))


@blueprint.post("/calls/messages/<int:number>/read")
@requires("call:take")
def read_message(number: int) -> Response:
    """The agent has read what the floor sent."""
    leading.read_message(current_person(), number)
    return jsonify(bar_state(current_person()))


def _beside(person: Person) -> dict[str, Any]:
    """What stands around the seats."""
    return {
        "trunks": queries.trunks_down(),
        "helped": queries.help_requests(_within(person)),
        "queues": queries.queues_now(),
        "today": interfaces.queues_today(),
        "states": queries.agents_by_state(),
        "waits": queries.waits(),
    }


def _within(person: Person) -> tuple[str, ...] | None:
    """The parts of the tree whose agents the person may watch; None for the whole city."""
    paths = person.departments_in_scope(*LOOKERS)
    return None if "/" in paths else paths


def _agent(agent_id: int) -> Person:
    agent = db.session.get(Person, agent_id)
    if agent is None:
        raise NotFound(_("There is no such agent."))
    return agent
