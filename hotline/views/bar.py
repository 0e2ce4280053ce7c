"""The call bar's JSON: its whole state, and what an agent presses."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid, NotFound
from hotline import services
from hotline.services import demonstration, room
from hotline.services.emergency import call_emergency
from hotline.services.forwarding import forward_calls
from hotline.services.in_call import call_by_no
from hotline.services.targets import find_targets, read_target
from hotline.views import blueprint
from hotline.views.bar_state import bar_state
from hotline.words import CHOOSABLE_REASONS, ListenMode, NotReadyReason


@blueprint.get("/calls/bar")
@requires("call:take")
def call_bar() -> Response:
    """Everything the bar shows, for a page that was just loaded."""
    return jsonify(bar_state(current_person()))


@blueprint.post("/calls/presence")
@requires("call:take")
def set_presence() -> Response:
    """`{state: idle | not_ready | signed_out, reason?, seat?}`; a seat with `idle` signs on there."""
    asked, person = _asked(), current_person()
    match asked.get("state"):
        case "idle" if asked.get("seat"):
            services.sign_on(person, str(asked["seat"])[:32])
        case "idle":
            services.become_idle(person)
        case "not_ready":
            services.become_not_ready(person, _reason(asked.get("reason")))
        case "signed_out":
            services.sign_off(person)
        case _:
            raise Invalid(fields={"state": _("Choose idle, not ready or signed out.")})
    return call_bar()


@blueprint.post("/calls/<call_no>/answer")
@requires("call:take")
def answer(call_no: str) -> Response:
    services.answer_call(current_person(), call_by_no(call_no))
    return call_bar()


@blueprint.post("/calls/<call_no>/hangup")
@requires("call:take")
def hangup(call_no: str) -> Response:
    services.hang_up(current_person(), call_by_no(call_no))
    return call_bar()


@blueprint.post("/calls/<call_no>/hold")
@requires("call:take")
def hold(call_no: str) -> Response:
    services.hold_call(current_person(), call_by_no(call_no))
    return call_bar()


@blueprint.post("/calls/<call_no>/resume")
@requires("call:take")
def resume(call_no: str) -> Response:
    services.resume_call(current_person(), call_by_no(call_no))
    return call_bar()


@blueprint.get("/calls/targets")
@requires("call:take")
def targets() -> Response:
    """`?q=`: whom a call can be taken to, best first."""
    return jsonify(found=find_targets(current_person(), request.args.get("q", "")[:40].strip()))


@blueprint.post("/calls/<call_no>/consult")
@requires("call:take")
def consult(call_no: str) -> Response:
    """`{kind: agent | number, value}`"""
    room.consult(current_person(), call_by_no(call_no), read_target(_asked()))
    return call_bar()


@blueprint.post("/calls/<call_no>/transfer")
@requires("call:take")
def transfer(call_no: str) -> Response:
    """`{kind: agent | queue | number, value}`"""
    room.transfer(current_person(), call_by_no(call_no), read_target(_asked()))
    return call_bar()


@blueprint.post("/calls/<call_no>/emergency")
@requires("call:take")
def emergency(call_no: str) -> Response:
    """`{number: 110 | 119 | 120 | 122}`"""
    call_emergency(current_person(), call_by_no(call_no), str(_asked().get("number") or ""))
    return call_bar()


@blueprint.post("/calls/forward")
@requires("call:take")
def forward() -> Response:
    """`{number}`; empty: to the seat again."""
    forward_calls(current_person(), str(_asked().get("number") or "")[:40])
    return call_bar()


IN_A_ROOM = {
    "bring-together": room.bring_together,
    "hand-over": room.hand_over,
    "send-away": room.send_away,
    "help": room.ask_for_help,
    "take-over": room.take_over,
    "keep-paused": room.keep_recording_paused,
}


@blueprint.post("/calls/<call_no>/room/<deed>")
@requires("call:take")
def in_room(call_no: str, deed: str) -> Response:
    """What is pressed while several are in a call. `pause-recording`: `{paused}`, as it shall be."""
    if deed == "pause-recording":
        wanted = _asked().get("paused")
        room.pause_recording(
            current_person(), call_by_no(call_no), wanted if isinstance(wanted, bool) else None
        )
        return call_bar()
    if (pressed := IN_A_ROOM.get(deed)) is None:
        raise NotFound(_("There is no such call."))
    pressed(current_person(), call_by_no(call_no))
    return call_bar()


@blueprint.post("/calls/<call_no>/listen")
@requires("floor:lead")
def listen(call_no: str) -> Response:
    """`{mode: monitor | whisper | barge}`"""
    mode = str(_asked().get("mode"))
    if mode not in list(ListenMode):
        raise Invalid(fields={"mode": _("Choose listen, whisper or barge in.")})
    room.listen(current_person(), call_by_no(call_no), ListenMode(mode))
    return call_bar()


@blueprint.post("/calls/wrap-up/finish")
@requires("call:take")
def finish_wrap_up() -> Response:
    services.finish_wrap_up(current_person())
    return call_bar()


@blueprint.post("/calls/wrap-up/extend")
@requires("call:take")
def extend_wrap_up() -> Response:
    services.extend_wrap_up(current_person())
    return call_bar()


@blueprint.post("/calls/dial")
@requires("call:take")
def dial() -> Response:
    """`{number}`: the agent's own telephone rings first."""
    services.place_call(current_person(), str(_asked().get("number") or "")[:40])
    return call_bar()


@blueprint.post("/calls/ring-me")
@requires("call:take")
def ring_me() -> tuple[Response, int]:
    demonstration.ring_me(current_person())
    return jsonify(asked=True), 202


def _asked() -> dict[str, Any]:
    """The request's JSON object, or its form; anything else is an empty question."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else request.form.to_dict()


def _reason(text: Any) -> NotReadyReason:
    try:
        reason = NotReadyReason(str(text))
    except ValueError:
        reason = None
    if reason not in CHOOSABLE_REASONS:
        raise Invalid(fields={"reason": _("Choose a reason.")})
    return reason
