"""Chance that can be repeated: the same question gets the same answer on every machine and in every process."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

SEED = "云汀"


def dice(*about: object) -> Random:
    """A source of chance for one thing: `dice("case", day, 7)`. Independent of what was drawn elsewhere before."""
    return Random("/".join([SEED, *map(str, about)]))


def shares(total: int, weights: list[float]) -> list[int]:
    """`total` split by `weights` into whole numbers that add up to it (largest remainders)."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def spread(rng: Random, weights: list[float], begin: float, end: float, count: int) -> Iterator[float]:
    """`count` moments in hours of a day, in order, more of them where `weights` (24, one per hour) are high."""
    hours = [h for h in range(24) if h + 1 > begin and h < end]
    parts = [weights[h] * (min(h + 1, end) - max(h, begin)) for h in hours]
    if not hours or sum(parts) <= 0:
        return
    drawn = []
    for hour in rng.choices(hours, parts, k=count):
        drawn.append(rng.uniform(max(hour, begin), min(hour + 1, end)))
    yield from sorted(drawn)
