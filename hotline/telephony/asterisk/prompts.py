"""Where a prompt's sound is. Prompts are WAV files, 8 kHz mono 16 bit, in one folder that Asterisk can read; a text
that nobody has recorded is spoken (`hotline.speech`), and kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from hotline import speech
from hotline.telephony.spoken import BUILT_IN

log = structlog.get_logger(__name__)

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
                await asyncio.to_thread(speech.speak, text, speech.VOICES["zh"], path)
        (self._folder / "music").mkdir(parents=True, exist_ok=True)

    async def spoken(self, text: str, language: str | None) -> str | None:
        """A text in a synthetic voice."""
        path = await asyncio.to_thread(speech.spoken, text, language, self._folder / "spoken")
        return None if path is None else _uri(path.with_suffix(""))


def _uri(path: Path) -> str:
    return f"sound:{path}"
