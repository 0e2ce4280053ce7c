"""The floor as the shift lead sees it."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import may, requires
from config.errors import NotFound
from config.extensions import db
from hotline import queries
from hotline.services.agents import force_not_ready
from hotline.views import blueprint
from hotline.words import ListenMode


@blueprint.get("/floor")
@requires("floor:watch")
def floor() -> str:
    return render_template("hotline/floor.html", **_now())


@blueprint.get("/floor/now")
@requires("floor:watch")
def floor_now() -> str:
    """The part that changes; the page asks for it when something did."""
    return render_template("hotline/floor_now.html", **_now())


@blueprint.post("/floor/agents/<int:agent_id>/not-ready")
@requires("floor:lead")
def order_not_ready(agent_id: int) -> WerkzeugResponse | Response:
    agent = db.session.get(Person, agent_id)
    if agent is None:
        raise NotFound(_("There is no such agent."))
    force_not_ready(current_person(), agent)
    return redirect(url_for("hotline.floor"))


def _now() -> dict[str, object]:
    return {
        "seats": db.session.scalars(queries.seats_now()).all(),
        "queues": queries.waits_by_queue(),
        "states": queries.agents_by_state(),
        "waits": queries.waits(),
        "me": current_person().id,
        "listen_modes": tuple(ListenMode),
        "may_lead": may(current_person(), "floor:lead"),
    }
