"""What an engine is: the one seam between the knowledge base and whatever searches it.

An engine keeps one index in a folder of its own. It knows passages and terms; it knows nothing of the database, of
other processes, or of when to write: that is the follower's. `tests/knowledge_base/search/` is one suite for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.words import ItemKind


class Damaged(Exception):
    """The index in this folder cannot be read: it must be built anew."""


@dataclass(frozen=True)
class PassageDocument:
    """A passage as an engine takes it. `also` are the words by which citizens ask for it."""

    passage_id: int
    item_id: int
    kind: ItemKind
    department_id: int
    effective_on: date
    expires_on: date | None
    title: str
    heading: str
    text: str
    also: str = ""


@dataclass(frozen=True)
class Filters:
    """Empty sets do not filter. `on` is the day on which the knowledge must be valid."""

    on: date
    kinds: frozenset[ItemKind] = field(default_factory=frozenset)
    departments: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Found:
    """A passage that matches, best first within its list."""

    passage_id: int
    item_id: int
    score: float


class Reader(Protocol):
    """An index, opened; safe to use from several threads."""

    def find(self, terms: Mapping[str, int], limit: int, filters: Filters) -> list[Found]:
        """The best passages for `terms` (with their counts in the question), one for each item."""
        ...

    def starting_with(self, start: str, limit: int) -> list[str]:
        """The most frequent terms that begin with `start`."""
        ...

    def passage_count(self) -> int:
        """How many passages can be found."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class Engine(Protocol):
    """`name` is also the name of its folder."""

    name: str

    def create(self, folder: Path, documents: Iterable[PassageDocument]) -> None:
        """Make a whole index in the empty `folder`."""
        ...

    def change(self, folder: Path, documents: Iterable[PassageDocument], item_ids: Iterable[int]) -> None:
        """Forget all passages of `item_ids`, then add `documents`.

        `folder` holds hard links to the files of a live index: files are added and removed, never written into.
        """
        ...

    def open(self, folder: Path, before: Any = None) -> Reader:
        """Damaged if it cannot be read.

        `before` is an earlier reader of this engine, whose memory of what did not change may be taken over.
        """
        ...
