"""Recordings: real WAV files, so that their length and checksum are true.

Nobody speaks in the simulated city: a file is a short tone at either end of silence. The silence is a hole in
the file, which costs no disk, and only the newest files are kept.
"""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config.settings import settings

RATE = 8000  # samples a second, 16 bits, mono: what a telephone line carries
TONE_SECONDS = 0.4
HEADER_BYTES = 44


@dataclass(frozen=True)
class Recorded:
    """A finished file."""

    path: Path
    seconds: float
    sha256: str


def write_recording(folder: Path, name: str, seconds: float, keep: int = 500) -> Recorded:
    """Write `folder/name.wav` of the given length and forget the oldest files beyond `keep`."""
    folder.mkdir(parents=True, exist_ok=True)
    tone = _tone()
    samples = max(int(seconds * RATE), len(tone))
    path = folder / f"{name}.wav"
    with path.open("wb") as file:
        file.write(_header(samples))
        file.write(tone)
        file.truncate(HEADER_BYTES + samples * 2)
        file.seek(HEADER_BYTES + samples * 2 - len(tone))
        file.write(tone)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _forget_oldest(folder, keep)
    return Recorded(path, samples / RATE, digest)


def fetch(url: str, folder: Path) -> bytes:
    """The file a `recording.ready` told of. ValueError for one that is not in our folder."""
    path = Path(unquote(urlsplit(url).path)).resolve()
    if path.parent != folder.resolve():
        raise ValueError("not a recording of the simulator")
    return path.read_bytes()


def fetch_ours(url: str) -> bytes:
    """The same, from the folder under VAR_DIR."""
    return fetch(url, settings().var_dir / "recordings" / "simulator")


@lru_cache(maxsize=1)
def _tone() -> bytes:
    """440 Hz, quietly, TONE_SECONDS long."""
    count = int(TONE_SECONDS * RATE)
    return b"".join(
        struct.pack("<h", int(6000 * math.sin(2 * math.pi * 440 * i / RATE))) for i in range(count)
    )


def _header(samples: int) -> bytes:
    """RIFF header of uncompressed PCM."""
    size = samples * 2
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
        + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
        + struct.pack("<4sI", b"data", size)
    )


def _forget_oldest(folder: Path, keep: int) -> None:
    files = sorted(folder.glob("*.wav"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[keep:]:
        file.unlink(missing_ok=True)
