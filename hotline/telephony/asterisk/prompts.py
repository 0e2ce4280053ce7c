"""Where a prompt's sound is. Prompts are WAV files, 8 kHz mono 16 bit, in one folder that Asterisk can read; a text
that nobody has spoken yet is spoken by espeak-ng, where that is installed, and kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from hotline.telephony.spoken import BUILT_IN

log = structlog.get_logger(__name__)

VOICES = {"zh": "cmn", "en": "en-gb"}
SPEED = 155  # words a minute: espeak-ng's own 175 is too fast for old ears
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Prompts:
    """`sound(name)` and `spoken(text)` are Asterisk's media URIs; None, and a line in the log, if there is none."""

    def __init__(self, folder: Path, fetch: Callable[[str], Awaitable[bytes | None]] | None = None) -> None:
        self._folder = folder.absolute()
        self._fetch = fetch

    async def recorded(self, key: str) -> str | None:
        """A recording somebody gave to the hotline, fetched once: its name is that of its content, it never changes."""
        if not _NAME.fullmatch(key):
            return None
        path = self._folder / "recorded" / f"{key}.wav"
        if not path.is_file():
            data = await self._fetch(key) if self._fetch is not None else None
            if data is None:
                log.warning("prompt_missing", prompt=key)
                return None
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(".new")
            new.write_bytes(data)
            new.replace(path)
        return _uri(path.with_suffix(""))

    def has(self, name: str) -> bool:
        """Whether somebody has recorded it."""
        return bool(_NAME.fullmatch(name)) and (self._folder / f"{name}.wav").is_file()

    async def sound(self, name: str) -> str | None:
        """The city's own recording of that name, or ours, spoken."""
        if self.has(name):
            return _uri(self._folder / name)
        if name in BUILT_IN:
            return await self.spoken(BUILT_IN[name], "zh")
        log.warning("prompt_missing", prompt=name)
        return None

    async def speak_built_in(self) -> None:
        """Make every built-in prompt a file of its own name, where the city has none: the dialplan plays by name."""
        for name, text in BUILT_IN.items():
            path = self._folder / f"{name}.wav"
            if not path.is_file():
                await _speak(text, VOICES["zh"], path)
        (self._folder / "music").mkdir(parents=True, exist_ok=True)

    async def spoken(self, text: str, language: str | None) -> str | None:
        """A text in a synthetic voice."""
        voice = VOICES.get((language or "zh")[:2], "cmn")
        name = hashlib.sha256(f"{voice} {SPEED} {text}".encode()).hexdigest()[:32]
        path = self._folder / "spoken" / f"{name}.wav"
        if not path.is_file() and not await _speak(text, voice, path):
            return None
        return _uri(path.with_suffix(""))


def _uri(path: Path) -> str:
    return f"sound:{path}"


async def _speak(text: str, voice: str, path: Path) -> bool:
    if shutil.which("espeak-ng") is None or shutil.which("sox") is None:
        log.warning("prompt_not_spoken", missing="espeak-ng and sox")
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    raw, ready = path.with_suffix(".raw.wav"), path.with_suffix(".new.wav")
    commands = (
        ("espeak-ng", "-v", voice, "-s", str(SPEED), "-w", str(raw), "--", text),
        ("sox", str(raw), "-r", "8000", "-c", "1", "-b", "16", str(ready), "gain", "-n", "-3"),
    )
    try:
        for command in commands:
            running = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
            if await running.wait():
                log.warning("prompt_not_spoken", program=command[0], status=running.returncode)
                return False
        ready.replace(path)
    except OSError as error:
        log.warning("prompt_not_spoken", error=str(error))
        return False
    finally:
        raw.unlink(missing_ok=True)
    return True
