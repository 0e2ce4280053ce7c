"""Adding up BM25 scores, term by term, and not adding what can no longer matter. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Sequence

from knowledge_base.search.ranking import K1

Postings = tuple[Sequence[int], Sequence[float]]
"""The numbers of the passages that hold a term, ascending, and how often each does."""

LONG = 256
"""Shorter postings are added faster than it is found out whether they matter."""
WALK = 8
"""Postings that are walked in the time in which one is looked up."""


def scores(
    weights: Sequence[tuple[str, float]],
    postings: Callable[[str], Postings],
    norms: Sequence[float],
    enough: int | None = None,
) -> dict[int, float]:
    """The score of every passage that may be among the best `enough` (None: of every passage).

    `weights` are the terms of a question, heaviest first, `norms` the length part of BM25 by passage. The frequent
    terms come last, and their postings are most of the work. Once all terms left together cannot lift a passage that
    has nothing yet above the best `enough`, only the passages still in the race are looked up.
    """
    found: dict[int, float] = {}
    known = found.get
    left = sum(weight for _term, weight in weights) * (K1 + 1)
    racing: dict[int, float] | None = None
    for term, weight in weights:
        top = weight * (K1 + 1)
        numbers, counts = postings(term)
        if racing is None and enough is not None and len(numbers) > LONG:
            racing = _race(found, enough, left)
        if racing is not None and len(numbers) < WALK * len(racing):
            for number, count in zip(numbers, counts, strict=True):
                if number in racing:
                    racing[number] += top * count / (count + norms[number])
        elif racing is not None:
            for number in racing:
                at = bisect_left(numbers, number)
                if at < len(numbers) and numbers[at] == number:
                    racing[number] += top * counts[at] / (counts[at] + norms[number])
        else:
            for number, count in zip(numbers, counts, strict=True):
                found[number] = known(number, 0.0) + top * count / (count + norms[number])
        left -= top
    return found if racing is None else racing


def _race(found: dict[int, float], enough: int, left: float) -> dict[int, float] | None:
    """Who may still win, if nobody new can."""
    if len(found) < enough:
        return None
    last = heapq.nlargest(enough, found.values())[-1]
    if left >= last:
        return None
    return {number: score for number, score in found.items() if score + left >= last}
