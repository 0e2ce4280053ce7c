"""Reading a Whoosh index, and scoring.

Whoosh's own scorer walks posting by posting through layers of matchers. Taking each term's postings a block at a time
and adding up scores in one dictionary gives the same BM25 several times faster, and lets validity, kind and department
be looked up in plain arrays, only for the passages that come out on top.
"""

from __future__ import annotations

import heapq
import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any

from knowledge_base.search.engine import NATION_NUMBER, Filters, Found
from knowledge_base.search.ranking import K1, B, heaviest
from knowledge_base.search.scoring import Postings, scores
from knowledge_base.search.whoosh_schema import COLUMNS, TERMS, codec, reading

RACE = 3
"""Passages in the race for each one wanted: some may be out of force today, or filtered away."""
KEPT_POSTINGS = 200_000
"""Postings of frequent terms kept decoded, per segment: at most 1.6 MB, and most of what a question costs."""


class Segment:
    """One segment of the index: its postings, and what is known of each passage as plain arrays."""

    def __init__(self, reader: Any, before: Segment | None = None) -> None:
        self.reader = reader
        self.columns: dict[str, Sequence[int]] = before.columns if before else _columns(reader)
        self._kept: OrderedDict[bytes, Postings] = before._kept.copy() if before else OrderedDict()
        self._kept_size: int = before._kept_size if before else 0

    @property
    def name(self) -> str:
        """Segments are written once: the same name is the same content, but for what was deleted since."""
        return str(self.reader.segment().segment_id())

    def holding(self, term: bytes) -> int:
        """In how many passages `term` stands (deleted ones still count, until their segment is merged)."""
        return self.reader.doc_frequency(TERMS, term)

    def postings(self, word: str) -> Postings:
        """The passages in which `word` stands, and how often."""
        term = word.encode()
        if (kept := self._kept.get(term)) is not None:
            self._kept.move_to_end(term)
            return kept
        read = self._read(term)
        self._kept[term] = read
        self._kept_size += len(read[0])
        while self._kept_size > KEPT_POSTINGS:
            _oldest, dropped = self._kept.popitem(last=False)
            self._kept_size -= len(dropped[0])
        return read

    def _read(self, term: bytes) -> Postings:
        try:
            matcher = self.reader.postings(TERMS, term)
        except reading.TermNotFound:  # it stands in another segment
            return (), ()
        numbers = array("I")
        counts = array("f")
        while matcher.is_active():
            if isinstance(matcher, codec.W3LeafMatcher):
                matcher._read_weights()  # reads both, and leaves each number as what it is more than the one before
                numbers.extend(accumulate(matcher._data[0]))
                counts.extend(matcher._weights)
                matcher._next_block()
            else:
                numbers.append(matcher.id())
                counts.append(matcher.weight())
                matcher.next()
        return numbers, counts


class WhooshReader:
    """An open index. Whoosh's files have one place to read from, so one thread at a time reads them."""

    def __init__(self, reader: Any, before: WhooshReader | None = None) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        known = before._by_name() if before else {}
        self._segments = [
            Segment(leaf, known.get(str(leaf.segment().segment_id())))
            for leaf, _base in reader.leaf_readers()
            if isinstance(leaf, reading.SegmentReader)  # an empty index has one that is none
        ]
        lengths = [n for segment in self._segments for n in segment.columns["length"] if n]
        self._count = len(lengths)
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [
            array("f", (K1 * (1 - B + B * n / mean) for n in segment.columns["length"]))
            for segment in self._segments
        ]

    def passage_count(self) -> int:
        """How many passages can be found."""
        return int(self._reader.doc_count())

    def find(self, terms: Mapping[str, float], limit: int, filters: Filters, local: int = 0) -> list[Found]:
        """The best passages for `terms`, best first, and `local` more that are no law of the nation, if so many are in
        the race."""
        with self._lock:
            return self._found(terms, limit, filters, local)

    def holding(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term stands."""
        with self._lock:
            return self._holding(terms)

    def starting_with(self, start: str, limit: int) -> list[str]:
        """The most frequent terms that begin with `start`."""
        with self._lock:
            counted: dict[str, int] = {}
            for segment in self._segments:
                for term in islice(segment.reader.expand_prefix(TERMS, start), 2000):
                    counted[term.decode()] = counted.get(term.decode(), 0) + segment.holding(term)
        return heapq.nlargest(limit, counted, key=lambda term: (counted[term], term))

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._reader.close()

    def _by_name(self) -> dict[str, Segment]:
        with self._lock:
            return {segment.name: segment for segment in self._segments}

    def _holding(self, terms: Iterable[str]) -> dict[str, int]:
        return {term: sum(s.holding(term.encode()) for s in self._segments) for term in terms}

    def _found(self, terms: Mapping[str, float], limit: int, filters: Filters, local: int) -> list[Found]:
        """Among the best, what passes the filters; among all, if too few of the best do."""
        weights = heaviest(terms, self._holding(terms), self._count)
        wanted = _Wanted(filters)
        found = self._passing(weights, limit, wanted, RACE * limit, local)
        return found if len(found) >= limit else self._passing(weights, limit, wanted, None, local)

    def _passing(
        self,
        weights: Sequence[tuple[str, float]],
        limit: int,
        wanted: _Wanted,
        enough: int | None,
        local: int,
    ) -> list[Found]:
        """Walk down from the best score until there are `limit`, and on for the `local` ones."""
        ranked: list[tuple[float, int, int]] = []
        for at, (segment, norms) in enumerate(zip(self._segments, self._norms, strict=True)):
            counted = scores(weights, segment.postings, norms, enough)
            ranked += [(-score, at, number) for number, score in counted.items()]
        heapq.heapify(ranked)  # some tens of thousands are wanted: popping those beats sorting all
        found: list[Found] = []
        while ranked and len(found) < limit + local:
            score, at, number = heapq.heappop(ranked)
            segment = self._segments[at]
            facts = segment.columns
            if len(found) >= limit and facts["region"][number] == NATION_NUMBER:
                continue
            if not segment.reader.is_deleted(number) and wanted(facts, number):
                found.append(Found(facts["passage_id"][number], facts["item_id"][number], -score))
        return found


def _columns(reader: Any) -> dict[str, Sequence[int]]:
    return {name: array("q", reader.column_reader(name, translate=False).load()) for name in COLUMNS}


class _Wanted:
    """The filters as one question about the columns of a passage."""

    def __init__(self, filters: Filters) -> None:
        self.day = filters.on.toordinal()
        self.numbers = list(filters.numbers().items())

    def __call__(self, facts: Mapping[str, Sequence[int]], number: int) -> bool:
        return facts["from_day"][number] <= self.day <= facts["to_day"][number] and all(
            facts[name][number] in allowed for name, allowed in self.numbers
        )
