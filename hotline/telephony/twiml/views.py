"""The carrier's door: signed form posts in, documents out. What is not signed is refused before it is read."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Response, request, send_file
from flask_babel import gettext as _

from accounts.permissions import public
from config.errors import NotFound, NotPermitted
from config.settings import settings
from hotline.ivr.document import SOUND
from hotline.services.sounds import sound_bytes
from hotline.telephony.twiml import news, sounds, tidying  # noqa: F401 - its nightly job
from hotline.telephony.twiml.addresses import DOOR, base
from hotline.telephony.twiml.document import music
from hotline.telephony.twiml.signature import HEADER, verify

log = structlog.get_logger(__name__)
blueprint = Blueprint("twiml", __name__, url_prefix=DOOR)


@blueprint.before_request
def _signed() -> None:
    """The address is rebuilt from the configured public base: a request's own Host proves nothing."""
    asked = request.full_path if request.query_string else request.path
    form = {name: request.form.getlist(name) for name in request.form}
    if not verify(settings().twiml_token, base() + asked, form, request.headers.get(HEADER)):
        log.warning("carrier_signature_refused", path=request.path)
        raise NotPermitted(_("The signature does not hold."))


@blueprint.post("/voice")
@public
def voice() -> Response:
    """A citizen calls."""
    return _document(news.call_in(request.form))


@blueprint.post("/status")
@public
def status() -> tuple[str, int]:
    """A call that came in has ended."""
    news.status_told("", request.form)
    return "", 204


@blueprint.post("/legs/<key>")
@public
def leg(key: str) -> Response:
    """What is this telephone to do now?"""
    return _document(news.picked_up(key, request.form))


@blueprint.post("/legs/<key>/digits/<int:number>")
@public
def digits(key: str, number: int) -> Response:
    """Keys, or silence."""
    return _document(news.keys_pressed(key, number, request.form))


@blueprint.post("/legs/<key>/heard/<int:number>")
@public
def heard(key: str, number: int) -> Response:
    """A prompt was heard to its end."""
    return _document(news.prompt_heard(key, number, request.form))


@blueprint.post("/legs/<key>/spoken/<int:number>")
@public
def spoken(key: str, number: int) -> Response:
    """A message was left."""
    return _document(news.message_left(key, number, request.form))


@blueprint.post("/legs/<key>/status")
@public
def leg_status(key: str) -> tuple[str, int]:
    """A telephone we rang rings, or is down."""
    news.status_told(key, request.form)
    return "", 204


@blueprint.post("/rooms/<call>")
@public
def room(call: str) -> tuple[str, int]:
    """Who came, who left, who is held."""
    news.room_told(call, request.form)
    return "", 204


@blueprint.post("/recordings")
@public
def recording() -> tuple[str, int]:
    """A recording began or is ready."""
    news.recording_told(request.form)
    return "", 204


@blueprint.post("/recordings/<prompt>")
@public
def message(prompt: str) -> tuple[str, int]:
    """The recording of a message left after that prompt."""
    news.recording_told(request.form, prompt[:64])
    return "", 204


@blueprint.post("/music/<name>")
@public
def waiting(name: str) -> Response:
    """Music, over and over."""
    return _document(music(name))


@blueprint.get("/sounds/<name>.wav")
@public
def sound(name: str) -> Response:
    """A prompt the city has recorded, in its folder or in the console."""
    if SOUND.fullmatch(name):
        return Response(sound_bytes(name), mimetype="audio/wav")
    return _file(name)


@blueprint.get("/sounds/music/<name>.wav")
@public
def music_sound(name: str) -> Response:
    """And its music."""
    return _file(name, "music")


def _document(text: str) -> Response:
    return Response(text, content_type="text/xml; charset=utf-8")


def _file(*where: Any) -> Response:
    name, *folders = where
    path = sounds.file_of(name, *folders)
    if path is None:
        raise NotFound(_("There is no such sound."))
    return send_file(path, mimetype="audio/wav", conditional=True)
