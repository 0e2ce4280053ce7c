"""Recordings after the call: fetched from the switch, proved unaltered, kept sealed, deleted in their time."""

from __future__ import annotations

import hashlib
import struct
from datetime import timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from accounts import audit
from accounts.models import AuditEntry, Person
from accounts.permissions import ensure
from config import clock, vault
from config.errors import NotFound
from config.extensions import db
from config.ids import new_id
from config.periodic import periodic
from config.settings import settings
from config.transaction import transactional
from hotline.models import Call, Recording
from hotline.telephony import PROVIDERS

log = structlog.get_logger(__name__)

AT_ONCE = 200
PEAKS = 240
MOST_FAILURES = 12
HEADER_BYTES = 44
LISTENS_FOR = timedelta(hours=1)


class Damaged(Exception):
    """What was fetched is not what was told of."""


@periodic("* * * * *", "hotline.fetch_recordings")
def fetch_recordings() -> int:
    """Bring home what is ready, oldest first; how many. One that fails is tried again, ever more slowly."""
    now = clock.now()
    wanted = (
        select(Recording.id, Recording.ready_at, Recording.failures)
        .where(Recording.kept_at.is_(None), Recording.ready_at.is_not(None), Recording.deleted_at.is_(None))
        .where(Recording.failures < MOST_FAILURES)
        .order_by(Recording.failures, Recording.ready_at)
        .limit(AT_ONCE)
    )
    due = [
        number
        for number, ready_at, failures in db.session.execute(wanted)
        if not failures or (ready_at is not None and ready_at + timedelta(minutes=2**failures) <= now)
    ]
    db.session.rollback()  # the list is read; each is dealt with in a transaction of its own
    return sum(_fetch(number) for number in due)


@transactional
def _fetch(number: int) -> bool:
    recording = db.session.scalars(
        select(Recording).where(Recording.id == number).with_for_update(skip_locked=True)
    ).one_or_none()
    if recording is None or recording.kept_at is not None:
        return False
    call = db.session.get(Call, recording.call_id)
    assert call is not None
    try:
        sound = PROVIDERS[call.provider].fetch(recording.url)
        if hashlib.sha256(sound).hexdigest() != recording.sha256:
            raise Damaged("checksum differs")
        name = new_id()
        vault.keep(name, sound)
    except Exception as error:  # whatever a switch, a network or a full disk can do
        recording.failures += 1
        recording.failure = f"{type(error).__name__}: {error}"[:200]
        log.error(
            "recording_not_kept", call_no=call.call_no, failures=recording.failures, error=recording.failure
        )
        return False
    recording.kept_as, recording.kept_at, recording.size = name, clock.now(), len(sound)
    recording.peaks, recording.failure = peaks_of(sound), ""
    return True


def peaks_of(sound: bytes) -> bytes:
    """The loudest of each of 240 stretches, 0 … 255; of 16-bit PCM, which is what telephones send."""
    count = max(0, (len(sound) - HEADER_BYTES) // 2)
    if not count:
        return b""
    samples = struct.unpack_from(f"<{count}h", sound, HEADER_BYTES)
    step = max(1, count // PEAKS)
    stretches = (samples[begin : begin + step] for begin in range(0, min(count, step * PEAKS), step))
    return bytes(min(255, max(max(stretch), -min(stretch)) >> 7) for stretch in stretches)


@periodic("20 3 * * *", "hotline.forget_recordings")
def forget_recordings() -> int:
    """Delete what is older than `RECORDING_DAYS` and not held; how many. The row stays and says so."""
    before = clock.now() - timedelta(days=settings().recording_days)
    wanted = (
        select(Recording.id)
        .where(Recording.kept_at < before, Recording.deleted_at.is_(None), Recording.held_by_id.is_(None))
        .order_by(Recording.kept_at)
        .limit(5000)
    )
    numbers = list(db.session.scalars(wanted))
    db.session.rollback()
    return sum(_forget(number) for number in numbers)


@transactional
def _forget(number: int) -> bool:
    recording = db.session.scalars(
        select(Recording).where(Recording.id == number, or_(Recording.held_by_id.is_(None))).with_for_update()
    ).one_or_none()
    if recording is None or recording.kept_as is None or recording.deleted_at is not None:
        return False
    vault.forget(recording.kept_as)
    recording.deleted_at, recording.peaks = clock.now(), None
    return True


@transactional
def note_played(person: Person, recording: Recording, *, begins: bool = True) -> None:
    """Somebody begins to listen; that is in the audit trail. Whoever jumps in what they began a while ago does not
    begin anew, but whoever asks for the middle first does."""
    if not recording.is_message:
        ensure(person, "recording:play", recording.call)
    if not begins and _plays_already(person, recording):
        return
    audit.record(
        "recording:play", person, subject=("call", recording.call_id), detail={"recording": recording.id}
    )


def _plays_already(person: Person, recording: Recording) -> bool:
    begun = exists().where(
        AuditEntry.subject_type == "call",
        AuditEntry.subject_id == str(recording.call_id),
        AuditEntry.verb == "recording:play",
        AuditEntry.person_id == person.id,
        AuditEntry.at > clock.now() - LISTENS_FOR,
        AuditEntry.detail["recording"].as_integer() == recording.id,
    )
    return bool(db.session.scalar(select(begun)))


@transactional
def hold(person: Person, recording: Recording, held: bool) -> Recording:
    """Keep it beyond its time, as evidence, or let it go again. NotFound if its time was over before."""
    ensure(person, "recording:hold")
    db.session.refresh(recording, with_for_update=True)
    if recording.deleted_at is not None:
        raise NotFound(_("This recording is not here any more, or not yet."))
    recording.held_by_id = person.id if held else None
    verb = "recording:hold" if held else "recording:release"
    audit.record(verb, person, subject=("call", recording.call_id), detail={"recording": recording.id})
    return recording
