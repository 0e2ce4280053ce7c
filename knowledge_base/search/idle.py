"""Words that ask and say nothing of the matter: they are rare in documents and would weigh more than what is meant."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "idle.txt"
_ASKING = frozenset("吗呢么哪谁几怎什")


def is_idle_word(word: str) -> bool:
    """Whether a jieba word says nothing of the matter; single characters seldom do."""
    return len(word) == 1 or word in _idle()["words"]


def is_idle_pair(pair: str) -> bool:
    """Whether two neighbouring characters are part of asking."""
    return pair in _idle()["pairs"] or not _ASKING.isdisjoint(pair)


@lru_cache(maxsize=1)
def _idle() -> dict[str, frozenset[str]]:
    heads = {"words", "pairs"}
    found: dict[str, set[str]] = {head: set() for head in heads}
    into = found["words"]
    for line in _FILE.read_text("utf-8").splitlines():
        if line in heads:
            into = found[line]
        elif not line.startswith("#"):
            into.update(line.split())
    return {head: frozenset(words) for head, words in found.items()}
