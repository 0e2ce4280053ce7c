"""How alike two texts are: by title, by content, by shingles. Pure.

A *fingerprint* is the same for texts that differ in spaces and punctuation only. A *sketch* is a handful of numbers:
texts which share most of their shingles share at least one of them, so that an index finds the candidates (min-hash by
one permutation, cut into bands); `likeness` then counts the shingles themselves.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from dataclasses import dataclass

SHINGLE, BUCKETS, BAND = 5, 64, 4
ALIKE, SAME = 0.8, 0.97
"""Shares of common shingles from which two texts are much alike, and from which they are nearly the same."""

_NOT_WORDS = re.compile(r"[\W_]+")
_DATED = re.compile(
    r"[（(〔\[]\s*(?:(?:19|20)\d\d[^（()）]*|[^（()）]*(?:修订|修正|修改|公布|发布)[^（()）]*)[）)〕\]]\s*$"
)
_STATE = re.compile(r"^中华人民共和国")


@dataclass(frozen=True)
class Marks:
    """What a text is recognised by."""

    title_key: str
    fingerprint: str
    sketch: list[int]


def marks(title: str, body: str) -> Marks:
    """Of a text: its letters, which cost most, are made once for both."""
    letters = plain(body)
    return Marks(title_key(title), _fingerprint(letters), _sketch(letters))


def title_key(title: str) -> str:
    """Titles that name the same document are the same: without the state's name, quotes, spaces and years."""
    plain = unicodedata.normalize("NFKC", title)
    while (shorter := _DATED.sub("", plain)) != plain:
        plain = shorter
    plain = _NOT_WORDS.sub("", plain)
    return (_STATE.sub("", plain) or plain)[:200].lower()


def plain(text: str) -> str:
    """The letters and figures alone."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower()


def fingerprint(text: str) -> str:
    """Of the content."""
    return _fingerprint(plain(text))


def sketch(text: str) -> list[int]:
    """Empty for texts too short to be compared so."""
    return _sketch(plain(text))


def likeness(one: str, other: str) -> float:
    """The share of shingles both have, of all that either has: 0 … 1."""
    here, there = _shingles(plain(one)), _shingles(plain(other))
    return len(here & there) / len(here | there) if here or there else 1.0


def _fingerprint(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()


def _sketch(letters: str) -> list[int]:
    hashes = _hashes(letters)
    if len(hashes) < BUCKETS:
        return []
    least = [-1] * BUCKETS
    for value in hashes:
        bucket, rest = value % BUCKETS, value // BUCKETS
        if least[bucket] < 0 or rest < least[bucket]:
            least[bucket] = rest
    filled = [_borrowed(least, at) for at in range(BUCKETS)]
    return [
        int.from_bytes(
            hashlib.blake2b(repr((at, filled[at : at + BAND])).encode(), digest_size=7).digest(), "big"
        )
        for at in range(0, BUCKETS, BAND)
    ]


def _shingles(letters: str) -> set[str]:
    if len(letters) <= SHINGLE:
        return {letters} if letters else set()
    return {letters[at : at + SHINGLE] for at in range(len(letters) - SHINGLE + 1)}


def _hashes(letters: str) -> set[int]:
    raw = letters.encode("utf-32-le")
    if len(letters) <= SHINGLE:
        return {zlib.crc32(raw)} if letters else set()
    step, width = 4, SHINGLE * 4
    crc = zlib.crc32
    return {crc(raw[at : at + width]) for at in range(0, len(raw) - width + step, step)}


def _borrowed(least: list[int], at: int) -> int:
    """An empty bucket takes the value of the next that is not."""
    for ahead in range(BUCKETS):
        if (value := least[(at + ahead) % BUCKETS]) >= 0:
            return value
    return 0
