"""The desk of messages citizens left: taken by one, dealt with, kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.live import tell
from config.transaction import transactional
from hotline.models import Call, Voicemail
from hotline.services import owed
from hotline.words import VoicemailState

SHORTEST = 1.0
"""Seconds below which nobody has said anything."""
TAKEN_FOR = timedelta(minutes=30)
"""So long a message stays with who took it; somebody who went home blocks nothing."""


def came_in(call_id: int, at: datetime, seconds: float) -> None:
    """The switch has recorded a message: a task, once. Whoever only breathed is owed a call as any other."""
    if seconds < SHORTEST:
        return
    call = db.session.get_one(Call, call_id)
    row = insert(Voicemail).values(
        call_id=call.id,
        number=call.caller_number,
        queue_id=call.queue_id,
        left_at=at,
        seconds=seconds,
        state=VoicemailState.OPEN,
        attempts=0,
        note="",
        case_no="",
    )
    if db.session.scalar(row.on_conflict_do_nothing().returning(Voicemail.id)) is not None:
        _tell_desk(1)
        owed.take_back(call)


@transactional
def take(person: Person, number: int) -> Voicemail:
    """This one is mine. Conflict names who was first; the same person may take it again."""
    message = _locked(person, number)
    if message.done_at is not None:
        name = message.done_by.name if message.done_by else ""
        raise Conflict(_("%(name)s has dealt with this message.", name=name), by=name)
    if message.taken_by_id not in (None, person.id) and not _is_stale(message):
        name = message.taken_by.name if message.taken_by else ""
        raise Conflict(_("%(name)s is dealing with this message.", name=name), by=name)
    message.taken_by_id, message.taken_at = person.id, clock.now()
    _tell_desk(0)
    return message


@transactional
def give_back(person: Person, number: int) -> Voicemail:
    """Somebody else may. Without having it nothing changes."""
    message = _locked(person, number)
    if message.taken_by_id == person.id and message.done_at is None:
        message.taken_by_id, message.taken_at = None, None
        _tell_desk(0)
    return message


@transactional
def call_back(person: Person, number: int) -> Call:
    """Take it and call the citizen: first the agent's telephone rings, then theirs."""
    from hotline.services.in_call import place_call

    message = take(person, number)
    if message.number is None:
        raise Refused(_("The number was withheld; it cannot be called back."))
    call = place_call(person, message.number)
    message.attempts += 1
    return call


@transactional
def finish(person: Person, number: int, note: str, case_no: str = "") -> Voicemail:
    """Dealt with. `case_no`: what was registered of it. Conflict if somebody else has it; Invalid names the field."""
    message = take(person, number)
    note, case_no = note.strip(), case_no.strip()
    if not note and not case_no:
        raise Invalid(fields={"note": _("Say what was done, or give the case.")})
    if len(note) > 200:
        raise Invalid(fields={"note": _("At most 200 characters.")})
    if len(case_no) > 32:
        raise Invalid(fields={"case_no": _("At most 32 characters.")})
    message.note, message.case_no = note, case_no
    message.state, message.done_at, message.done_by_id = VoicemailState.DONE, clock.now(), person.id
    audit.record("voicemail:finish", person, subject=("call", message.call_id), detail={"case_no": case_no})
    _tell_desk(-1)
    return message


def _is_stale(message: Voicemail) -> bool:
    return message.taken_at is not None and message.taken_at < clock.now() - TAKEN_FOR


def _locked(person: Person, number: int) -> Voicemail:
    ensure(person, "voicemail:handle")
    message = db.session.scalars(
        select(Voicemail).where(Voicemail.id == number).with_for_update()
    ).one_or_none()
    if message is None:
        raise NotFound(_("There is no such message."))
    return message


def _tell_desk(delta: int) -> None:
    tell("desk:voicemail", "worklist", {"desk": "voicemail", "delta": delta})
