"""Bytes to text, when nobody says in which encoding."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from knowledge_base.importing.problems import Unreadable
from knowledge_base.words import ImportProblem

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SIMPLIFIED, _ENOUGH = "gb2312", 0.7
_FREQUENT_TRADITIONAL = frozenset("的是在不有之及為應於與會國個來時")


def decode(data: bytes) -> str:
    """UTF-8 or UTF-16, else GB 18030 (with GBK and GB 2312 in it), else Big5. Unreadable: none of these, or no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding) or _lost()
    if b"\x00" in data:
        return _without_mark(data)
    text = _strictly(data, "utf-8")
    if text is not None:
        return _checked(text)
    text = _strictly(data, "gb18030")
    if text is not None and _share_of(text, _in_gb2312) >= _ENOUGH:
        return _checked(text)
    other = _strictly(data, "big5")
    if other is not None and _share_of(other, _FREQUENT_TRADITIONAL.__contains__) >= 0.02:
        return _checked(other)
    return _lost()


def _without_mark(data: bytes) -> str:
    """UTF-16 without its mark has its zeros on one side; anything else with zeros is no text."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""
    text = _strictly(data, encoding) if encoding and len(data) % 2 == 0 else None
    if text is None or "\x00" in text:
        raise Unreadable(ImportProblem.DISGUISED)
    return _checked(text)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str) -> str:
    """Text has hardly any control characters; a program that happens to decode has many."""
    odd = sum(1 for c in text[:20_000] if c < " " and c not in "\t\n\r\f\v")
    if odd > len(text[:20_000]) / 100:
        raise Unreadable(ImportProblem.DISGUISED)
    return text


def _share_of(text: str, wanted: Callable[[str], bool]) -> float:
    letters = [c for c in text[:50_000] if c > "\x7f"]
    return sum(map(wanted, letters)) / len(letters) if letters else 1.0


def _in_gb2312(letter: str) -> bool:
    try:
        letter.encode(_SIMPLIFIED)
    except UnicodeEncodeError:
        return False
    return True


def _lost() -> str:
    raise Unreadable(ImportProblem.ENCODING)
