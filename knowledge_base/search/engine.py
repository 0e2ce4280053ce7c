"""What an engine is: the one seam between the knowledge base and whatever searches it.

An engine keeps one index in a folder of its own. It knows passages and terms; it knows nothing of the database, of
other processes, or of when to write: that is the follower's. `tests/knowledge_base/search/` is one suite for all.

An engine finds candidates; which of them answers best is decided by `closeness`, for every engine alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from knowledge_base.words import NATION, Audience, ItemKind


class Damaged(Exception):
    """The index in this folder cannot be read: it must be built anew."""


@dataclass(frozen=True)
class PassageDocument:
    """A passage as an engine takes it. `also` are the words by which citizens ask for it, and
    at its beginning a document's number.

    Numbers below nought are those of the department directory (`entries`).
    """

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
    audience: Audience = Audience.EVERYONE
    region: str = ""
    public: bool = False

    def facts(self) -> dict[str, int]:
        """What engines keep beside the terms, as numbers."""
        return {
            "passage_id": self.passage_id,
            "item_id": self.item_id,
            "kind": KIND_NUMBERS[self.kind],
            "department_id": self.department_id,
            "audience": AUDIENCE_NUMBERS[self.audience],
            "region": region_number(self.region),
            "public": int(self.public),
            "from_day": self.effective_on.toordinal(),
            "to_day": (self.expires_on or date.max).toordinal(),
        }


@dataclass(frozen=True)
class Filters:
    """Empty sets do not filter. `on` is the day on which the knowledge must be valid.

    `public`: only what stands on public pages. What names no region, or the nation, holds in every one, and is found
    with each.
    """

    on: date
    kinds: frozenset[ItemKind] = field(default_factory=frozenset)
    departments: frozenset[int] = field(default_factory=frozenset)
    audiences: frozenset[Audience] = field(default_factory=frozenset)
    regions: frozenset[str] = field(default_factory=frozenset)
    public: bool = False

    def numbers(self) -> dict[str, frozenset[int]]:
        """The filters on facts, those that filter, as numbers allowed."""
        wanted = {
            "kind": frozenset(KIND_NUMBERS[kind] for kind in self.kinds),
            "department_id": self.departments,
            "audience": frozenset(AUDIENCE_NUMBERS[audience] for audience in self.audiences),
            "region": frozenset(map(region_number, everywhere(self.regions))),
            "public": frozenset({1}) if self.public else frozenset(),
        }
        return {name: allowed for name, allowed in wanted.items() if allowed}


@dataclass(frozen=True)
class Found:
    """A passage that matches, best first within its list."""

    passage_id: int
    item_id: int
    score: float


class Reader(Protocol):
    """An index, opened; safe to use from several threads."""

    def find(self, terms: Mapping[str, float], limit: int, filters: Filters, local: int = 0) -> list[Found]:
        """The best passages for `terms` (with their weights in the question), and after them up to `local` more of
        those that do not hold for the whole nation: among its laws, what a place says of itself would drown."""
        ...

    def holding(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each of `terms` stands, about."""
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

    def is_in_pieces(self, folder: Path) -> bool:
        """Whether changes have left so many pieces that one of the next would put them together, and wait for it."""
        ...

    def tidy(self, folder: Path) -> None:
        """Put them together now, which takes seconds; `folder` as for `change`."""
        ...

    def open(self, folder: Path, before: Any = None) -> Reader:
        """Damaged if it cannot be read.

        `before` is an earlier reader of this engine, whose memory of what did not change may be taken over.
        """
        ...


FACTS = (
    "passage_id", "item_id", "kind", "department_id", "audience", "region", "public", "from_day", "to_day",
)  # fmt: skip
KIND_NUMBERS = {kind: number for number, kind in enumerate(ItemKind, start=1)}
AUDIENCE_NUMBERS = {audience: number for number, audience in enumerate(Audience, start=1)}


def everywhere(regions: frozenset[str]) -> frozenset[str]:
    """`regions`, where there are any, with the names of what holds in every one."""
    return regions and regions | {"", NATION}


def region_number(region: str) -> int:
    """A region's name as a number; 0 for everywhere."""
    return crc32(region.strip().encode()) if region.strip() else 0


NATION_NUMBER = region_number(NATION)
