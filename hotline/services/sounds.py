"""Recorded prompts: taken from people, made into what a switch can play, and never changed again."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock, storage
from config.errors import NotFound, Refused, TooLarge
from config.extensions import db
from config.transaction import transactional
from hotline.models import IvrSound

RATE, LONGEST = 8000, 120.0
LARGEST = 20 * 1024 * 1024
PATIENCE = 60  # seconds for the converter


@transactional
def keep_sound(person: Person, title: str, filename: str, stream: BinaryIO | IO[bytes]) -> IvrSound:
    """Keep a recording under the name of its content. Refused, by the file's name, if it is no sound or too long."""
    ensure(person, "ivr:change")
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise TooLarge(_("%(name)s is larger than %(mb)s MB.", name=filename, mb=LARGEST // 1024 // 1024))
    storage.store(io.BytesIO(data), filename, ("wav", "mp3"), by=person.id)  # refuses what is no sound
    wav, seconds = _as_the_switch_wants_it(data, filename)
    key = f"p-{hashlib.sha256(wav).hexdigest()[:32]}"
    sound = db.session.scalars(select(IvrSound).where(IvrSound.key == key)).one_or_none()
    if sound is None:
        file = storage.store(io.BytesIO(wav), f"{key}.wav", ("wav",), by=person.id)
        now = clock.now()
        sound = IvrSound(key=key, file_id=file.id, seconds=seconds, kept_at=now, kept_by_id=person.id)
        db.session.add(sound)
    sound.title = title
    db.session.flush()
    detail = {"key": key, "title": title, "seconds": round(seconds, 1)}
    audit.record("ivr:sound", person, subject=("ivr_sound", sound.id), detail=detail)
    return sound


def sounds() -> Sequence[IvrSound]:
    """Every recorded prompt, by its title."""
    return db.session.scalars(select(IvrSound).order_by(IvrSound.title, IvrSound.id)).all()


def sound_bytes(key: str) -> bytes:
    """The WAV file; NotFound if there is none."""
    sound = db.session.scalars(select(IvrSound).where(IvrSound.key == key)).one_or_none()
    if sound is None:
        raise NotFound(_("There is no such recording."))
    _row, stream = storage.open_file(sound.file_id)
    with stream:
        return stream.read()


def _as_the_switch_wants_it(data: bytes, filename: str) -> tuple[bytes, float]:
    """8 kHz, mono, 16 bit: as it came, or converted where a converter is installed. With it, its length."""
    try:
        seconds = _length(data)
    except (wave.Error, EOFError):
        seconds = None
    if seconds is None:
        data = _converted(data, filename)
        try:
            seconds = _length(data)
        except (wave.Error, EOFError):
            seconds = None
    if not seconds:
        raise Refused(_("%(name)s holds no sound that can be read.", name=filename))
    if seconds > LONGEST:
        longest = round(LONGEST)
        raise Refused(_("%(name)s is longer than %(seconds)s seconds.", name=filename, seconds=longest))
    return data, seconds


def _length(data: bytes) -> float | None:
    """Seconds of a file that is as it should be; None if it must be converted."""
    with wave.open(io.BytesIO(data)) as sound:
        fits = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        return sound.getnframes() / RATE if fits else None


def _converted(data: bytes, filename: str) -> bytes:
    ending = Path(filename).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        came, made = Path(folder) / f"in{ending}", Path(folder) / "out.wav"
        came.write_bytes(data)
        for command in (
            ("sox", str(came), "-r", str(RATE), "-c", "1", "-b", "16", str(made)),
            ("ffmpeg", "-v", "error", "-i", str(came), "-ar", str(RATE), "-ac", "1", str(made)),
        ):
            if shutil.which(command[0]) is None:
                continue
            try:
                done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
            except subprocess.TimeoutExpired:
                continue
            if done.returncode == 0 and made.is_file():
                return made.read_bytes()
    raise Refused(
        _(
            "%(name)s cannot be converted here. Give a WAV file: 8 kHz, mono, 16 bit.",
            name=filename,
        )
    )
