"""Sounds that can be told apart by their frequency, and who is heard in a recording."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 8000
LOUD = 700  # of 32767: well above what a codec leaves of silence, well below a tone of 6000


def write_tone(path: Path, hertz: int, seconds: float) -> None:
    """A WAV file of one steady tone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(
            b"".join(
                struct.pack("<h", int(6000 * math.sin(2 * math.pi * hertz * n / RATE)))
                for n in range(int(RATE * seconds))
            )
        )


def samples(path: Path) -> list[int]:
    """The samples so far; the file may still be growing, so its header is not believed."""
    raw = path.read_bytes()
    start = raw.find(b"data") + 8
    count = max(0, (len(raw) - start) // 2)
    return list(struct.unpack(f"<{count}h", raw[start : start + 2 * count]))


def loudness(sound: list[int], hertz: int) -> float:
    """The amplitude of one frequency (Goertzel's sum, written plainly)."""
    if not sound:
        return 0.0
    step = 2 * math.pi * hertz / RATE
    real = sum(s * math.cos(step * n) for n, s in enumerate(sound))
    imaginary = sum(s * math.sin(step * n) for n, s in enumerate(sound))
    return 2 * math.hypot(real, imaginary) / len(sound)


def heard_in(sound: list[int], tones: dict[str, int]) -> set[str]:
    """The names of the tones in it."""
    return {name for name, hertz in tones.items() if loudness(sound, hertz) > LOUD}
