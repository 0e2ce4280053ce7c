"""How long things took, from the moments at which they began and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


def between(begin: datetime | None, end: datetime | None) -> float | None:
    """Seconds from one to the other, never negative; None while either is unknown."""
    if begin is None or end is None:
        return None
    return max(0.0, (end - begin).total_seconds())


def is_held(held: Sequence[datetime], resumed: Sequence[datetime]) -> bool:
    """Whether the last thing that happened was a hold."""
    return bool(held) and (not resumed or max(held) > max(resumed))


def hold_seconds(
    held: Sequence[datetime], resumed: Sequence[datetime], begin: datetime, end: datetime
) -> float:
    """Seconds on hold between `begin` and `end`. A hold never resumed lasts to the end."""
    marks = sorted([(at, True) for at in held] + [(at, False) for at in resumed])
    total, since = 0.0, None
    for at, holds in [*marks, (end, False)]:
        if holds and since is None:
            since = at
        elif not holds and since is not None:
            total += between(max(since, begin), min(at, end)) or 0.0
            since = None
    return total
