"""What a switch counted, and the line it writes about it every ten seconds."""

from __future__ import annotations

from collections import Counter, deque
from statistics import median


class Statistics:
    """Counters since the start, and the round trips of late."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.round_trips: deque[float] = deque(maxlen=500)

    def count(self, what: str, times: int = 1) -> None:
        self.counts[what] += times

    def took(self, seconds: float) -> None:
        """An event was answered after `seconds`."""
        self.round_trips.append(seconds)

    def line(self, live_calls: int, waiting_events: int) -> dict[str, float | int]:
        """The facts of the log line."""
        return {
            "live": live_calls,
            "unsent": waiting_events,
            **dict(sorted(self.counts.items())),
            "round_trip_ms": round(median(self.round_trips) * 1000, 1) if self.round_trips else 0.0,
        }
