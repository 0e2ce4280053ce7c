"""A synthetic voice: espeak-ng, or whatever program the city sets that writes a WAV file."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
from pathlib import Path

import structlog

from config.settings import settings

log = structlog.get_logger(__name__)

VOICES = {"zh": "cmn", "en": "en-gb"}
PATIENCE = 30  # seconds for a prompt of any length


def spoken(text: str, language: str | None, folder: Path) -> Path | None:
    """The file in `folder` that says `text`: made once, as telephones want it. None, and a line in the log, if nobody
    here can speak."""
    voice = VOICES.get((language or "zh")[:2], "cmn")
    name = hashlib.sha256(f"{settings().speech_command} {voice} {text}".encode()).hexdigest()[:32]
    path = folder / f"{name}.wav"
    return path if path.is_file() or speak(text, voice, path) else None


def speak(text: str, voice: str, path: Path) -> bool:
    """Write the file; whether that went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw, ready = path.with_suffix(".raw.wav"), path.with_suffix(".new.wav")
    known = {"voice": voice, "file": str(raw), "text": text}
    said = [part.format(**known) for part in shlex.split(settings().speech_command)]
    formed = ["sox", str(raw), "-r", "8000", "-c", "1", "-b", "16", str(ready), "gain", "-n", "-3"]
    try:
        for program in (said, formed):
            if shutil.which(program[0]) is None:
                log.warning("prompt_not_spoken", missing=program[0])
                return False
            done = subprocess.run(program, capture_output=True, timeout=PATIENCE, check=False)
            if done.returncode:
                log.warning("prompt_not_spoken", program=program[0], status=done.returncode)
                return False
        ready.replace(path)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("prompt_not_spoken", error=str(error))
        return False
    finally:
        raw.unlink(missing_ok=True)
    return True
