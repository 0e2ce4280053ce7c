"""A recording in the page: played by ranges, so that one may jump, and never left in a cache."""

from __future__ import annotations

from flask import Response, redirect, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.http import parse_range_header
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import ensure, requires
from config import vault
from config.errors import NotFound
from config.extensions import db
from hotline.models import Recording
from hotline.services import keeping
from hotline.services.in_call import call_by_no
from hotline.views import blueprint


@blueprint.get("/calls/<call_no>/recordings/<int:number>.wav")
@requires("call:list")
def play_recording(call_no: str, number: int) -> Response:
    """The sound, or the asked range of it (RFC 9110 § 14). Beginning to listen is audited."""
    recording = _recording(call_no, number)
    person = current_person()
    ensure(person, "recording:play", recording.call)
    return sound_of(recording, person)


def sound_of(recording: Recording, person: Person) -> Response:
    """What the request asks of it, for a person who may hear it."""
    if not recording.is_here or recording.kept_as is None or recording.size is None:
        raise NotFound(_("This recording is not here any more, or not yet."))
    asked = parse_range_header(request.headers.get("Range"))
    span = asked.range_for_length(recording.size) if asked else None
    if asked and span is None:
        refused = Response(status=416)
        refused.headers["Content-Range"] = f"bytes */{recording.size}"
        return refused
    start, end = span or (0, recording.size)
    keeping.note_played(person, recording, begins=start == 0)
    sound = vault.read(recording.kept_as, start, end)
    answer = Response(stream_with_context(sound), 206 if span else 200, mimetype="audio/wav")
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Length"] = str(end - start)
    answer.headers["Cache-Control"] = "no-store"
    if span:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{recording.size}"
    return answer


@blueprint.post("/calls/<call_no>/recordings/<int:number>/hold")
@requires("recording:hold")
def hold_recording(call_no: str, number: int) -> WerkzeugResponse:
    """Keep it beyond its time, or let it go again."""
    recording = _recording(call_no, number)
    keeping.hold(current_person(), recording, request.form.get("held") == "1")
    return redirect(url_for("hotline.call_page", call_no=call_no))


def _recording(call_no: str, number: int) -> Recording:
    recording = db.session.get(Recording, number)
    if recording is None or recording.call_id != call_by_no(call_no).id:
        raise NotFound(_("There is no such recording."))
    return recording
