"""How long somebody will wait. Pure; what it is worth is measured afterwards (`queries.waiting.accuracy`)."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_HANDLING = 210.0
"""Seconds of talk and wrap-up where nothing is known yet (domain § 6)."""


@dataclass(frozen=True)
class Pace:
    """`agents` at work for this queue, `handling` seconds each needs for a call, and the share of those waiting who
    give up in a second: 1 / 300 means that people wait five minutes on the average."""

    agents: int
    handling: float = USUAL_HANDLING
    giving_up: float = 0.0


def expected_wait(ahead: int, pace: Pace) -> float | None:
    """Seconds until somebody with so many before them is answered; None where nobody works.

    While n agents talk, one becomes free every handling / n seconds. Before whoever has k people before them also some
    of these k leave by themselves. The steps add up (the virtual wait of a queue with impatient customers).
    """
    if pace.agents < 1 or pace.handling <= 0:
        return None
    served = pace.agents / pace.handling
    return sum(1 / (served + before * max(0.0, pace.giving_up)) for before in range(ahead + 1))


def minutes_to_say(seconds: float) -> int:
    """Whole minutes, rounded up, for people would rather be pleased than promised; 0 for less than half a minute."""
    return 0 if seconds < 30 else -int(-seconds // 60)
