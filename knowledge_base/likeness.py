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

SHINGLE, BUCKETS, BAND = 5, 64, 4
ALIKE, SAME = 0.8, 0.97
"""Shares of common shingles from which two texts are much alike, and from which they are nearly the same."""

_NOT_WORDS = re.compile(r"[\W_]+")
_DATED = re.compile(
    r"[（(〔\[]\s*(?:(?:19|20)\d\d[^（()）]*|[^（()）]*(?:修订|修正|修改|公布|发布)[^（()）]*)[）)〕\]]\s*$"
)
_STATE = re.compile(r"^中华人民共和国")


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
    return hashlib.sha256(plain(text).encode()).hexdigest()


def sketch(text: str) -> list[int]:
    """Empty for texts too short to be compared so."""
    hashes = _hashes(text)
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


def likeness(one: str, other: str) -> float:
    """The share of shingles both have, of all that either has: 0 … 1."""
    here, there = _hashes(one), _hashes(other)
    return len(here & there) / len(here | there) if here or there else 1.0


def _hashes(text: str) -> set[int]:
    letters = plain(text)
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
