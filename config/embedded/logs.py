"""The logs that the supervisor writes for its children do not fill the disk.

Each child holds its file open, at its end, for as long as it lives. So what is there is copied away and the file made
empty under it; a line written in that moment is lost.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LARGEST = 20 * 1024 * 1024
KEPT = 4
EVERY = 30.0


class Keeper:
    """Looks at the logs of `folders` now and then."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._next = 0.0

    def look(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        for folder in self._folders:
            keep_small(folder.glob("*.log"))


def keep_small(logs: Iterable[Path], largest: int = LARGEST, kept: int = KEPT) -> None:
    """Of a log larger than `largest` bytes what is there becomes `.1`, what was `.1` becomes `.2`; the last goes."""
    for log in logs:
        with suppress(OSError):  # no room for a copy: the log goes on, and another look follows
            if log.stat().st_size <= largest:
                continue
            for number in range(kept, 1, -1):
                older = _numbered(log, number - 1)
                if older.exists():
                    older.replace(_numbered(log, number))
            shutil.copyfile(log, _numbered(log, 1))
            with log.open("r+b") as written:
                written.truncate(0)


def _numbered(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
