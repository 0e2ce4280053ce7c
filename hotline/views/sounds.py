"""Recorded prompts: given, and listened to in the page; and for the switch, which plays them."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.permissions import public, requires
from config.errors import HotlineError, NotFound, Refused
from config.settings import settings
from hotline import speech
from hotline.forms.flows import SoundForm
from hotline.ivr.document import prompts
from hotline.services import flows
from hotline.services.sounds import keep_sound, sound_bytes
from hotline.views import blueprint
from hotline.views.flows import chosen, flows_page
from hotline.views.telephony import blueprint as door
from hotline.views.telephony import signers_of


@blueprint.post("/administration/ivr/sounds")
@requires("ivr:change")
def add_sound() -> WerkzeugResponse | tuple[str, int]:
    """Keep a recording, or say by its name what is wrong with it."""
    form = SoundForm()
    if form.validate_on_submit():
        given = form.file.data
        try:
            keep_sound(current_person(), form.title.data or "", given.filename, given.stream)
        except HotlineError as error:
            form.file.errors = [*form.file.errors, error.message]
        else:
            flash(_("The recording is kept."))
            return redirect(url_for("hotline.call_flows"))
        finally:
            given.close()
    return flows_page(sound_form=form), 422


@blueprint.get("/administration/ivr/sounds/<key>.wav")
@requires("ivr:see")
def play_sound(key: str) -> Response:
    """Listen to a recording."""
    return Response(sound_bytes(key), mimetype="audio/wav")


@blueprint.get("/administration/ivr/<code>/nodes/<name>/<field>.wav")
@requires("ivr:see")
def play_prompt(code: str, name: str, field: str) -> Response:
    """Listen to a prompt of a node as callers hear it: recorded, or spoken."""
    _version, document = chosen(flows.flow_by_code(code), request.args.get("version", ""))
    prompt = dict(prompts(document.nodes[name])).get(field) if name in document.nodes else None
    if prompt is None or prompt.is_silent:
        raise NotFound(_("There is no such recording."))
    if prompt.sound:
        return Response(sound_bytes(prompt.sound), mimetype="audio/wav")
    path = speech.spoken(prompt.text, prompt.language, settings().var_dir / "speech")
    if path is None:
        raise Refused(_("Nobody can speak here: espeak-ng and sox are missing."))
    return Response(path.read_bytes(), mimetype="audio/wav")


@door.get("/prompts/<key>.wav")
@public
def prompt_for_switch(key: str) -> Response:
    """A recording for a switch, which signs the path it asks for."""
    signers_of(request.path.encode())
    return Response(sound_bytes(key), mimetype="audio/wav")
