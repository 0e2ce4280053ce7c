"""Pages and doors of this floor."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_babel import lazy_gettext as _l

from config import navigation
from config.extensions import csrf, limiter
from hotline.queries import missed_due, proposals_waiting, voicemails_open
from hotline.telephony import doors

blueprint = Blueprint("hotline", __name__, template_folder="../templates")


def init_app(app: Flask) -> None:
    """Register the blueprints and their places in the head."""
    from hotline.views import (  # noqa: F401 - routes
        administration,
        bar,
        floor,
        flow_nodes,
        flow_trial,
        flows,
        log,
        missed,
        numbers,
        recordings,
        softphone,
        sounds,
        telephony,
        texts,
        voicemails,
    )

    app.register_blueprint(blueprint)
    app.extensions.setdefault("page_styles", []).append("/static/css/calls.css")
    for door in (telephony.blueprint, *doors()):
        csrf.exempt(door)  # switches have a signature instead
        limiter.exempt(door)
        app.register_blueprint(door)
    navigation.add_page("hotline.call_log", _l("Calls"), "call:list", 60, group="boards")
    navigation.add_page(
        "hotline.missed_desk", _l("Missed calls"), "missed:call", 35, counter=lambda _person: missed_due()
    )
    navigation.add_page(
        "hotline.voicemail_desk",
        _l("Voicemail"),
        "voicemail:handle",
        36,
        counter=lambda _person: voicemails_open(),
    )
    navigation.add_page("hotline.floor", _l("Floor"), "floor:watch", 20, group="boards")
    navigation.add_page(
        "hotline.number_rules",
        _l("Number rules"),
        "number_rule:list",
        32,
        group="administration",
        counter=lambda _person: proposals_waiting(),
    )
    navigation.add_page("hotline.call_flows", _l("Call flows"), "ivr:see", 29, group="administration")
    navigation.add_page("hotline.texts", _l("Text messages"), "text:list", 34, group="administration")
    navigation.add_page("hotline.queues", _l("Queues and seats"), "queue:list", 30, group="administration")
