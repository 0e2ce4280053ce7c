"""The words of the stock by their sound: pinyin, initials, and what a mistyped word was meant to be.

A file beside the index, `sounds`, of sorted lines `sound<TAB>word<TAB>count`, read by binary search in mapped memory:
it costs a process nothing until it is asked. Sounds are folded where keyboards and dialects are: zh and z, ang and an.
A word that has left the stock stays in the file until the index is made anew.
"""

from __future__ import annotations

import mmap
import os
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge_base.search.engine import PassageDocument, Reader
from knowledge_base.search.idle import is_idle_pair
from knowledge_base.search.text import fold, han_runs, known_words, words

FILE = "sounds"
LONGEST_WORD = 6
LONGEST_CORRECTED = 30
"""Characters: who writes more has said enough in right words."""
MOST_SOUNDS = 5
SHORTEST_SOUND = 3
"""Letters of a word within a row of words: with less, initials would be found everywhere."""
_HAN = re.compile("[\u4e00-\u9fff]{2,6}")
_FREE = frozenset(
    "不没未无别勿很太最更都也就还又再才只刚已被把给让叫在从到向对往和与或跟同的地得了着过吗呢吧啊我你他她它您们"
    "这那有是要想会能可上下来去"
)
"""Characters that are words by themselves and stand beside any other: none of them makes a mistyped word."""
_UMLAUTS = dict.fromkeys(map(ord, "üǖǘǚǜ"), "v")
_FRONT = re.compile("([jqxy])v")
"""After these letters ü is written u."""
FIRST, LAST = 0x3400, 0x9FFF
"""Characters that have a reading here."""
_DATA = Path(__file__).parent / "data"
_LETTERS = re.compile(r"[a-z']{2,40}")
_MIXED = re.compile("([\u4e00-\u9fff]{0,4})([a-z]{1,20})([\u4e00-\u9fff]{0,4})")
SHORTEST_TITLE, LONGEST_TITLE = 3, 20
"""Characters of a title, which is known by its sound and its initials as a whole."""


@dataclass(frozen=True)
class Correction:
    """The question as it was meant, and the words put in."""

    text: str
    words: list[str]


class Lexicon:
    """The words of one index. Without a file it knows none."""

    def __init__(self, folder: Path | None) -> None:
        self._bytes = _mapped(folder / FILE) if folder else b""

    def by_sound(self, folded: str) -> list[str]:
        """The words that the letters of a question may stand for, most frequent first: gongzufang, gzf."""
        plain = _plain(folded)
        if plain.isascii() and " " in plain and (found := self._spoken(plain.replace(" ", ""))):
            return found[:MOST_SOUNDS]  # ting shui, syllable by syllable
        found = self._half_spoken(plain)
        for letters in _LETTERS.findall(plain):
            found += self._spoken(letters)
        return found[:MOST_SOUNDS]

    def _spoken(self, letters: str) -> list[str]:
        sound = _blurred(letters.replace("'", ""))
        exact = self._words(f"{sound}\t")
        return exact or self._in_a_row(sound) or (self._words(sound) if len(sound) > 3 else [])

    def _half_spoken(self, plain: str) -> list[str]:
        """The words of which some characters are typed and others spelled: 停shui."""
        for before, letters, after in _MIXED.findall(plain):
            for left, right in sorted(
                (
                    (i, j)
                    for i in range(len(before) + 1)
                    for j in range(len(after) + 1)
                    if i < len(before) or j
                ),
                key=lambda cut: cut[0] - cut[1],
            ):
                head, tail = before[left:], after[:right]
                sound = sound_of(head) + _blurred(letters) + sound_of(tail)
                words = self._words(f"{sound}\t")
                if fitting := [w for w in words if w.startswith(head) and w.endswith(tail)]:
                    return fitting
        return []

    def _in_a_row(self, sound: str) -> list[str]:
        """The words whose sounds make up the whole, the longest first: gonggongzulin is 公共 and 租赁."""
        for end in range(len(sound) - SHORTEST_SOUND, SHORTEST_SOUND - 1, -1):
            if first := self._words(f"{sound[:end]}\t"):
                rest = sound[end:]
                if following := self._words(f"{rest}\t")[:1] or self._in_a_row(rest):
                    return [first[0], *following]
        return []

    def correct(self, folded: str, reader: Reader) -> Correction | None:
        """The question with words that neither the stock holds nor the language has replaced by words that sound the
        same: 路灯不亮 is meant as it stands, though no text says 不亮."""
        if not self._bytes:
            return None
        runs = han_runs(folded[:LONGEST_CORRECTED])
        pairs = {
            run[i : i + 2] for run in runs for i in range(len(run) - 1) if not is_idle_pair(run[i : i + 2])
        }
        if not pairs:
            return None
        held = reader.holding(pairs)
        if all(held.values()):
            return None
        text, put_in = folded, []
        for run in runs:
            at, doubtful = 0, _doubtful(run, held)
            while at < len(run) - 1:
                if (found := self._meant_at(run, at, doubtful)) is None:
                    at += 1
                    continue
                text = text.replace(run[at : at + len(found)], found, 1)
                put_in.append(found)
                at += len(found)
        return Correction(text, put_in) if put_in else None

    def _meant_at(self, run: str, at: int, doubtful: list[bool]) -> str | None:
        for length in range(min(LONGEST_WORD, len(run) - at), 1, -1):
            if not any(doubtful[at : at + length - 1]):
                continue
            typed = run[at : at + length]
            for word in self._words(f"{sound_of(typed)}\t"):
                if word != typed and sum(a == b for a, b in zip(word, typed, strict=False)) * 2 >= length:
                    return word
        return None

    def _words(self, start: str) -> list[str]:
        """The words of the lines that begin with `start`, most frequent first."""
        wanted = start.encode()
        found: list[tuple[int, str]] = []
        at = _first_at_least(self._bytes, wanted)
        while at < len(self._bytes) and len(found) < 200:
            end = self._bytes.find(b"\n", at)
            line = self._bytes[at:end]
            if not line.startswith(wanted):
                break
            _sound, word, count = line.decode().split("\t")
            found.append((-int(count), word))
            at = end + 1
        return list(dict.fromkeys(word for _count, word in sorted(found)))[:MOST_SOUNDS]


class Collector:
    """Lets the documents through to an engine and keeps their words."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()

    def passing(self, documents: Iterable[PassageDocument]) -> Iterator[PassageDocument]:
        """The same documents."""
        seen: tuple[int, str] | None = None
        for document in documents:
            if (document.item_id, document.title) != seen:
                seen = (document.item_id, document.title)
                self._take(f"{document.title}\n{document.also}")
                titles = han_runs(fold(document.title))
                self._counted.update(run for run in titles if SHORTEST_TITLE <= len(run) <= LONGEST_TITLE)
            self._take(f"{document.heading}\n{document.text}")
            yield document

    def write(self, folder: Path) -> None:
        """Put the words beside the index in `folder`, into those already there.

        Lines are put in where they belong and the rest is copied as it is: a publication brings a hundred words, and
        everybody waits for it, while a city's stock has a hundred thousand.
        """
        path = folder / FILE
        known = _mapped(path)
        lines = sorted(
            (f"{s}\t{word}\t".encode(), n) for word, n in self._counted.items() for s in _sounds(word)
        )
        pieces: list[bytes] = []
        done = 0
        for line, n in lines:
            at = _first_at_least(known, line, done)
            pieces.append(known[done:at])
            done, before = at, 0
            if known[at : at + len(line)] == line:
                done = known.find(b"\n", at) + 1
                before = int(known[at + len(line) : done])
            pieces.append(b"%b%d\n" % (line, before + n))
        pieces.append(known[done:])
        draft = folder / f"{FILE}.new"
        draft.write_bytes(b"".join(pieces))
        os.replace(draft, path)  # a new file: the old one may be a link to what others have open

    def _take(self, text: str) -> None:
        self._counted.update(word for word in words(fold(text)) if _HAN.fullmatch(word))


def sound_of(word: str) -> str:
    """The pinyin of `word` without tones, blurred."""
    return "".join(map(_syllable, word))


def _sounds(word: str) -> list[str]:
    syllables = [_syllable(character) for character in word]
    return list(dict.fromkeys(("".join(syllables), "".join(s[:1] for s in syllables))))


def _doubtful(run: str, held: Mapping[str, int]) -> list[bool]:
    """Of each pair of neighbours in `run`, whether it may be mistyped: no text has it, and one of both is a character
    that the dictionary has put into no word and that is none by itself."""
    alone = [len(word) == 1 and word not in _FREE for word in known_words(run) for _character in word]
    free = [character in _FREE for character in run]
    return [
        not held.get(run[i : i + 2], 1) and (alone[i] or alone[i + 1]) and not (free[i] or free[i + 1])
        for i in range(len(run) - 1)
    ]


def _mapped(path: Path) -> mmap.mmap | bytes:
    """The file at `path`; nothing where there is none, or an empty one."""
    if not path.exists() or not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _first_at_least(lines: mmap.mmap | bytes, wanted: bytes, low: int = 0) -> int:
    """Where the first of the sorted `lines` that is not before `wanted` begins, from the line at `low` on."""
    high = len(lines)
    while low < high:
        middle = (low + high) // 2
        start = lines.rfind(b"\n", low, middle) + 1 or low
        end = lines.find(b"\n", start)
        if lines[start:end] < wanted:
            low = end + 1
        else:
            high = start
    return low


def _plain(folded: str) -> str:
    """Without tones: tíngshuǐ is tingshui, and lǜ is lv."""
    if folded.isascii():
        return _FRONT.sub(r"\1u", folded)
    marked = unicodedata.normalize("NFD", unicodedata.normalize("NFC", folded).translate(_UMLAUTS))
    return _FRONT.sub(r"\1u", "".join(c for c in marked if not unicodedata.combining(c)))


def _blurred(pinyin: str) -> str:
    """What keyboards and dialects confuse, as one."""
    return re.sub(r"([zcs])h", r"\1", re.sub(r"([aei])ng", r"\1n", pinyin))


def _syllable(character: str) -> str:
    """The commonest reading of a character, without its tone, blurred."""
    syllables, table = _readings()
    at = ord(character) - FIRST
    return syllables[table[at]] if 0 <= at < len(table) else ""


@lru_cache(maxsize=1)
def _readings() -> tuple[list[str], array[int]]:
    """The syllables, and which of them each character from FIRST on has."""
    lines = (_DATA / "readings.txt").read_text("utf-8").splitlines()  # by scripts/make_readings.py
    table = array("H", bytes(2 * (LAST - FIRST + 1)))
    syllables = [""]
    for number, line in enumerate(lines, start=1):
        syllable, characters = line.split()
        syllables.append(_blurred(syllable))
        for character in characters:
            table[ord(character) - FIRST] = number
    return syllables, table
