"""What the carrier tells, and what that means to the hotline. Each is one transaction: lock the call, tell the hotline,
obey its answer. Told twice or out of order, the end is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import structlog

from config import clock
from config.transaction import transactional
from hotline.telephony.callers import NUMBER, number_of
from hotline.telephony.contract import CITIZEN
from hotline.telephony.twiml.models import TwimlLeg
from hotline.telephony.twiml.picture import Picture, picture_of, picture_with

log = structlog.get_logger(__name__)

Form = Mapping[str, str]
CAUSES = {
    "completed": "normal", "busy": "busy", "no-answer": "no_answer", "failed": "unreachable", "canceled": "normal",
}  # fmt: skip
"""How a call of the carrier's ends."""
LATE_AFTER = timedelta(seconds=2)
MOST_DIGITS = 32
NOBODY = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'
"""For a telephone that belongs to no call."""
_SID = re.compile(r"[A-Za-z0-9]{1,64}")
_NO_DIGIT = re.compile(r"[^0-9*#]")


@transactional
def call_in(form: Form) -> str:
    """A citizen calls; the answer is their first document."""
    sid = form.get("CallSid", "")
    picture = picture_of(sid, make=True)
    assert picture is not None
    leg = picture.legs.get(sid)
    if leg is None:
        leg = picture.add_leg(sid, sid=sid, number=number_of(form.get("From")), role=CITIZEN)
    picture.asking = leg
    dialled = form.get("To", "")
    told: dict[str, Any] = {"from": leg.number, "to": dialled if NUMBER.fullmatch(dialled) else None}
    picture.report(f"{sid}.incoming", "call.incoming", leg=sid, **told)
    return _answer(picture, leg, form)


@transactional
def picked_up(key: str, form: Form) -> str:
    """A telephone asks what to do: for the first time when it is picked up, later when what it did is done."""
    picture, leg = _asking(key, form)
    if picture is None or leg is None:
        return NOBODY
    if leg.answered_at is None and form.get("CallStatus") == "in-progress":
        leg.answered_at = picture.now
        picture.report(f"{leg.key}.answered", "leg.answered", leg=leg.key)
    return _answer(picture, leg, form)


@transactional
def keys_pressed(key: str, number: int, form: Form) -> str:
    """What was gathered by the prompt of that number; nothing, for silence."""
    picture, leg = _asking(key, form)
    if picture is None or leg is None:
        return NOBODY
    item = _done(leg, number)
    prompt = item["prompt"] if item else None
    digits = _NO_DIGIT.sub("", form.get("Digits", ""))[:MOST_DIGITS]
    picture.report(f"{leg.key}.digits.{number}", "digits", leg=leg.key, value=digits, prompt=prompt)
    return _answer(picture, leg, form)


@transactional
def prompt_heard(key: str, number: int, form: Form) -> str:
    """The prompt of that number was heard to its end."""
    picture, leg = _asking(key, form)
    if picture is None or leg is None:
        return NOBODY
    item = _done(leg, number)
    picture.report(
        f"{leg.key}.done.{number}", "prompt.done", leg=leg.key, prompt=item["prompt"] if item else None
    )
    return _answer(picture, leg, form)


@transactional
def message_left(key: str, number: int, form: Form) -> str:
    """The telephone has spoken its message; the recording is told of by itself."""
    picture, leg = _asking(key, form)
    if picture is None or leg is None:
        return NOBODY
    _done(leg, number)
    return _answer(picture, leg, form)


@transactional
def status_told(key: str, form: Form) -> None:
    """A telephone rings, or is down. `key`: the leg's, or empty for a call that came in."""
    picture, leg = _leg(key or form.get("CallSid", ""), form)
    if picture is None or leg is None:
        log.info(
            "status_of_nobody", call_sid=form.get("CallSid", "")[:64], status=form.get("CallStatus", "")[:32]
        )
        return
    if form.get("CallStatus") == "ringing" and leg.ended_at is not None:
        _put_down_surplus(
            picture, leg, form.get("CallSid", "")
        )  # it was given up while nobody knew that it rings
    elif form.get("CallStatus") == "ringing" and leg.is_ours:
        picture.report(f"{leg.key}.ringing", "leg.ringing", _moment(form), leg=leg.key)
    _perhaps_ended(picture, leg, form)


@transactional
def room_told(call: str, form: Form) -> None:
    """Somebody came into a conference, left it, or is held."""
    picture = picture_of(call)
    if picture is None:
        return
    legs = [leg for leg in picture.legs.values() if leg.sid and leg.sid == form.get("CallSid")]
    sid = form.get("ConferenceSid", "")
    if not legs or not _SID.fullmatch(sid):
        return
    leg = legs[0]
    leg.news_at = picture.now
    event_id, at = f"{sid}.{form.get('SequenceNumber', '')[:12]}.{leg.key[-8:]}", _moment(form)
    match form.get("StatusCallbackEvent"):
        case "participant-join":
            leg.conference = sid
            if leg.held:  # it was away to hear something
                picture.order(leg, event_id, "hold")
            if leg.place == "room":
                picture.report(event_id, "bridge.joined", at, leg=leg.key)
        case "participant-leave":
            leg.conference = None if leg.conference == sid else leg.conference
            if leg.place == "room":
                picture.report(event_id, "bridge.left", at, leg=leg.key)
        case "participant-hold":
            picture.report(event_id, "leg.held", at, leg=leg.key)
        case "participant-unhold":
            picture.report(event_id, "leg.resumed", at, leg=leg.key)


@transactional
def recording_told(form: Form, prompt: str | None = None) -> None:
    """A recording began, or is ready; the agent looks at it before it is told, for the hotline wants its checksum.
    `prompt`: after which a message was left; None for a talk."""
    picture = picture_with(form.get("CallSid", ""))
    sid = form.get("RecordingSid", "")
    if picture is None or not _SID.fullmatch(sid):
        return
    leg = next(leg for leg in picture.legs.values() if leg.sid == form.get("CallSid"))
    match form.get("RecordingStatus"):
        case "in-progress":
            picture.report(f"{sid}.started", "recording.started", leg=leg.key, prompt=prompt)
        case "completed":
            picture.order(leg, sid, "recording", sid=sid, seconds=_seconds(form), prompt=prompt)
        case "absent" | "failed":
            log.error("recording_failed", call=picture.call.key, sid=sid, status=form.get("RecordingStatus"))


@transactional
def gone(key: str, status: str) -> None:
    """The carrier was asked what became of a leg that fell silent: it is over."""
    picture, leg = _leg(key, {})
    if picture is not None and leg is not None:
        picture.ended(leg, CAUSES.get(status, "lost"), "switch")


def _leg(key: str, form: Form) -> tuple[Picture | None, TwimlLeg | None]:
    """The leg by its key or the carrier's name of it, its call locked. A second telephone that rings for it, because a
    request to ring was answered too late for us, is none of it."""
    picture = picture_with(key)
    if picture is None:
        return None, None
    leg = next((leg for leg in picture.legs.values() if key in (leg.key, leg.sid)), None)
    sid = form.get("CallSid", "")
    if leg is None:
        return picture, None
    if leg.sid is None and _SID.fullmatch(sid):
        leg.sid = sid
    if sid and leg.sid != sid:
        log.warning("rings_twice", leg=leg.key)
        _put_down_surplus(picture, leg, sid)
        return picture, None
    leg.news_at = clock.now()
    return picture, leg


def _asking(key: str, form: Form) -> tuple[Picture | None, TwimlLeg | None]:
    """As `_leg`, for a telephone that waits for its document."""
    picture, leg = _leg(key, form)
    if picture is not None:
        picture.asking = leg
    return picture, leg


def _put_down_surplus(picture: Picture, leg: TwimlLeg, sid: str) -> None:
    if _SID.fullmatch(sid):
        picture.order(leg, sid, "surplus", sid=sid)


def _answer(picture: Picture, leg: TwimlLeg, form: Form) -> str:
    """The document, after everything that follows has been obeyed."""
    _perhaps_ended(picture, leg, form)
    return picture.render(leg)


def _perhaps_ended(picture: Picture, leg: TwimlLeg, form: Form) -> None:
    status = form.get("CallStatus", "")
    if status in CAUSES:
        cause, at = CAUSES[status], _moment(form)
        picture.ended(leg, cause, _by(leg, cause, at or picture.now), at)


def _by(leg: TwimlLeg, cause: str, at: datetime) -> str:
    """The carrier does not tell who hung up: whose telephone it is, unless we had asked for it by then."""
    if leg.hangup_asked_at is not None and leg.hangup_asked_at <= at:
        return "hotline"
    if cause != "normal":
        return "switch"
    return "agent" if leg.is_ours else "caller"


def _done(leg: TwimlLeg, number: int) -> dict[str, object] | None:
    """Take the prompt of that number from what is to be heard; None if it is done with already."""
    item = next((item for item in leg.hears if item["n"] == number), None)
    if item is not None:
        leg.hears = [other for other in leg.hears if other["n"] > number]
    return item


def _moment(form: Form) -> datetime | None:
    """When it happened. The carrier tells whole seconds: of news that come at once our own clock is the finer one."""
    try:
        told = parsedate_to_datetime(form.get("Timestamp", ""))
    except ValueError:
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return told if clock.now() - told > LATE_AFTER else None


def _seconds(form: Form) -> float:
    try:
        return min(86_000.0, max(0.0, float(form.get("RecordingDuration", ""))))
    except ValueError:
        return 0.0
