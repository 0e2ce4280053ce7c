"""From text to terms. The same for what is indexed and for what is asked; a change here wants a new `RECIPE`.

Terms are jieba's words in search mode, the bigrams of Chinese characters, and numbers in one way of writing. Words
alone miss what the dictionary cuts differently in question and text, bigrams alone have no idea of words; measured,
both together beat either.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from functools import lru_cache, partial

from knowledge_base.search.numbers import number_terms

RECIPE = 4
"""Kept in every index: an index made by another recipe is built anew."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_FOLD = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    0x0000: 0x20,
}
_one_at_a_time = threading.Lock()


def fold(text: str) -> str:
    """`text` in half-width, lower case and simplified characters, place by place as in the original."""
    sound = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    folded = sound.translate(_FOLD)
    lowered = folded.lower()
    if len(lowered) != len(folded):  # a few letters of the world grow when lowered
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in folded)
    return _simplified(lowered)


def terms(text: str) -> Counter[str]:
    """The terms of `text` and how often each stands in it."""
    folded = fold(text)
    counted = Counter(words(folded))
    counted.update(bigrams(folded))
    counted.update(number_terms(folded))
    return counted


def words(folded: str) -> list[str]:
    """jieba's words in search mode: long words, and the shorter ones in them. Punctuation is left out."""
    with _one_at_a_time:
        cut = _dictionary()(folded)
    return [word for raw in cut if (word := raw.strip()) and any(c.isalnum() for c in word)]


def known_words(folded: str) -> list[str]:
    """All of `folded` in the words that jieba's dictionary has, without guesses at those it has not: what belongs to
    none stands in single characters."""
    with _one_at_a_time:
        return _cutter()(folded)


def bigrams(folded: str) -> list[str]:
    """Every two neighbouring Chinese characters. A word of two characters is one of them too and so counts twice:
    measured, that is better than keeping both apart."""
    return [run[i : i + 2] for run in han_runs(folded) for i in range(len(run) - 1)]


def han_runs(folded: str) -> list[str]:
    """The stretches of Chinese characters."""
    return _HAN.findall(folded)


def _simplified(text: str) -> str:
    """Traditional characters as simplified ones; where that would move places, one by one."""
    if text.isascii():
        return text
    convert = _converter()
    whole = convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(one if len(one := convert(c)) == 1 else c for c in text)


@lru_cache(maxsize=1)
def _dictionary() -> Callable[[str], list[str]]:
    """jieba's. Loading it takes 0.1 s and 33 MB, which only processes that search should pay."""
    import rjieba

    cut: Callable[[str], list[str]] = rjieba.cut_for_search
    return cut


@lru_cache(maxsize=1)
def _cutter() -> Callable[[str], list[str]]:
    import rjieba

    return partial(rjieba.cut, hmm=False)


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
