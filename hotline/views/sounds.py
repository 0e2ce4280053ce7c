"""Recorded prompts: given, and listened to in the page; and for the switch, which plays them."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.permissions import public, requires
from config.errors import HotlineError, Unauthorised
from hotline.forms.flows import SoundForm
from hotline.services.sounds import keep_sound, sound_bytes
from hotline.telephony import PROVIDERS
from hotline.telephony.signature import HEADER, verify
from hotline.views import blueprint
from hotline.views.flows import flows_page
from hotline.views.telephony import blueprint as door


@blueprint.post("/administration/ivr/sounds")
@requires("ivr:change")
def add_sound() -> WerkzeugResponse | tuple[str, int]:
    """Keep a recording, or say by its name what is wrong with it."""
    form = SoundForm()
    if form.validate_on_submit():
        try:
            keep_sound(
                current_person(), form.title.data or "", form.file.data.filename, form.file.data.stream
            )
        except HotlineError as error:
            form.file.errors = [*form.file.errors, error.message]
        else:
            flash(_("The recording is kept."))
            return redirect(url_for("hotline.call_flows"))
    return flows_page(sound_form=form), 422


@blueprint.get("/administration/ivr/sounds/<key>.wav")
@requires("ivr:see")
def play_sound(key: str) -> Response:
    """Listen to a recording."""
    return Response(sound_bytes(key), mimetype="audio/wav")


@door.get("/prompts/<key>.wav")
@public
def prompt_for_switch(key: str) -> Response:
    """A recording for a switch, which signs the path it asks for."""
    header, asked = request.headers.get(HEADER), request.path.encode()
    if not any(verify(found.secret(), asked, header) for found in PROVIDERS.values()):
        raise Unauthorised(_("The signature does not hold."))
    return Response(sound_bytes(key), mimetype="audio/wav")
