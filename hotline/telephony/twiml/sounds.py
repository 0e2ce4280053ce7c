"""A prompt is the city's own recording, or words the carrier speaks."""

from __future__ import annotations

import re
from pathlib import Path

import structlog

from config.settings import settings
from hotline.telephony.spoken import BUILT_IN
from hotline.telephony.twiml.addresses import door

log = structlog.get_logger(__name__)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def sound(prompt: str, text: str, recorded: str = "") -> tuple[str, str]:
    """(address of a file, words to speak): one of them, or neither where there is nothing of that name. `recorded` is a
    prompt somebody gave to the hotline."""
    if recorded:
        return door("sounds", f"{recorded}.wav"), ""
    if text:
        return "", text
    if file_of(prompt) is not None:
        return door("sounds", f"{prompt}.wav"), ""
    if prompt and prompt not in BUILT_IN:
        log.warning("prompt_missing", prompt=prompt)
    return "", BUILT_IN.get(prompt, "")


def file_of(name: str, *folders: str) -> Path | None:
    """The city's recording of that name, if there is one."""
    ours = settings()
    path = (ours.prompts_dir or ours.var_dir / "prompts").joinpath(*folders, f"{name}.wav")
    return path.absolute() if _NAME.fullmatch(name) and path.is_file() else None


def has_music(name: str) -> bool:
    """Without music of ours the carrier plays its own."""
    return file_of(name, "music") is not None
