"""Write the commonest reading of each Chinese character to the search's data, from the package pypinyin (MIT).

`python scripts/make_readings.py`. The package would take 12 MB in each process that searches; its table of readings
without tones takes 60 KB. A test holds the two together.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

os.environ["PYPINYIN_NO_PHRASES"] = "true"  # 40 MB, and seconds
from pypinyin.pinyin_dict import pinyin_dict

FILE = Path(__file__).resolve().parent.parent / "knowledge_base" / "search" / "data" / "readings.txt"
CHARACTERS = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
_DOTS = "\u0308"


def lines() -> list[str]:
    """A syllable and the characters that are read so, in a line."""
    read_so: dict[str, list[str]] = {}
    for number in CHARACTERS:
        if reading := pinyin_dict.get(number, "").split(",")[0]:
            apart = unicodedata.normalize("NFD", reading)
            bare = "".join(c for c in apart if not unicodedata.combining(c) or c == _DOTS)
            syllable = unicodedata.normalize("NFC", bare).replace("ü", "v")
            read_so.setdefault(syllable, []).append(chr(number))
    return [f"{syllable} {''.join(characters)}" for syllable, characters in sorted(read_so.items())]


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", "utf-8")
