"""The desk of messages citizens left."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import NotFound
from config.extensions import db
from config.paging import page
from hotline import queries
from hotline.models import Recording, Voicemail
from hotline.services import messages
from hotline.views import blueprint
from hotline.views.bar_state import bar_state
from hotline.views.recordings import sound_of


@blueprint.get("/voicemails")
@requires("voicemail:handle")
def voicemail_desk() -> str:
    done = request.args.get("view") == "done"
    found = page(queries.voicemails(done), queries.voicemail_keys(done), request.args.get("cursor"), 25)
    return render_template(
        "hotline/voicemails.html",
        messages=found,
        sounds=queries.sounds_of(list(found.items)),
        done=done,
        open=queries.voicemails_open(),
        me=current_person().id,
    )


@blueprint.get("/voicemails/<int:number>.wav")
@requires("voicemail:handle")
def play_voicemail(number: int) -> Response:
    """The message; listening to it is audited like listening to any recording."""
    wanted = (
        select(Recording)
        .join(Voicemail, Voicemail.call_id == Recording.call_id)
        .where(Voicemail.id == number, Recording.is_message)
        .limit(1)
    )
    recording = db.session.scalars(wanted).one_or_none()
    if recording is None:
        raise NotFound(_("There is no such recording."))
    return sound_of(recording, current_person())


@blueprint.post("/voicemails/<int:number>/take")
@requires("voicemail:handle")
def take_voicemail(number: int) -> WerkzeugResponse:
    messages.take(current_person(), number)
    return redirect(url_for("hotline.voicemail_desk"))


@blueprint.post("/voicemails/<int:number>/give-back")
@requires("voicemail:handle")
def give_back_voicemail(number: int) -> WerkzeugResponse:
    messages.give_back(current_person(), number)
    return redirect(url_for("hotline.voicemail_desk"))


@blueprint.post("/voicemails/<int:number>/call")
@requires("voicemail:handle")
def call_back_voicemail(number: int) -> Response:
    """The agent's telephone rings, then the citizen's; answered with the call bar."""
    messages.call_back(current_person(), number)
    return jsonify(bar_state(current_person()))


@blueprint.post("/voicemails/<int:number>/done")
@requires("voicemail:handle")
def finish_voicemail(number: int) -> WerkzeugResponse:
    said = request.form
    messages.finish(current_person(), number, said.get("note", ""), said.get("case_no", ""))
    flash(_("The message is dealt with."))
    return redirect(url_for("hotline.voicemail_desk"))
