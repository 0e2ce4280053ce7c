"""Other words for what was typed: 低保 is 最低生活保障 in every rule. Pure; the groups are kept in `models/wording`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from knowledge_base.search.text import fold

_BASE = Path(__file__).parent / "data" / "dictionary.txt"


class Thesaurus:
    """Groups of words that mean the same, looked up by where they stand in a question, the longest first."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._others: dict[str, list[str]] = {}
        for group in groups:
            same = list(dict.fromkeys(folded for word in group if (folded := fold(word).strip())))
            for word in same:
                known = self._others.setdefault(word, [])
                known += [other for other in same if other != word and other not in known]
        self._lengths = sorted({len(word) for word in self._others}, reverse=True)

    def meaning(self, folded: str) -> dict[str, list[str]]:
        """The words of the question that have others, and those. A word within a longer one found is not looked up."""
        found: dict[str, list[str]] = {}
        taken = [False] * len(folded)
        for length in self._lengths:
            for at in range(len(folded) - length + 1):
                word = folded[at : at + length]
                if word in self._others and not all(taken[at : at + length]):
                    found[word] = [other for other in self._others[word] if other not in folded]
                    taken[at : at + length] = [True] * length
        return {word: others for word, others in found.items() if others}


@lru_cache(maxsize=1)
def base_groups() -> tuple[tuple[str, ...], ...]:
    """What every stock begins with."""
    lines = (line.split("#")[0].strip() for line in _BASE.read_text("utf-8").splitlines())
    return tuple(tuple(word.strip() for word in line.split(",")) for line in lines if line)
