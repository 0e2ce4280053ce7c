"""When citizens call, and who."""

from __future__ import annotations

from datetime import datetime
from random import Random

# Share of the day's calls by hour of the city's day; the peak hour holds 10 % (domain § 6).
DAY_CURVE = (
    0.008, 0.006, 0.004, 0.003, 0.003, 0.006, 0.015, 0.033,
    0.078, 0.100, 0.098, 0.075, 0.047, 0.051, 0.078, 0.090,
    0.085, 0.068, 0.046, 0.034, 0.028, 0.022, 0.014, 0.008,
)  # fmt: skip
PEAK = max(DAY_CURVE)


class Arrivals:
    """A Poisson stream of calls. `per_minute` is the mean, or with the day's curve the rate at its peak."""

    def __init__(self, chance: Random, per_minute: float, *, follow_the_day: bool = False) -> None:
        if per_minute <= 0:
            raise ValueError("a stream of calls needs a rate above 0")
        self.chance = chance
        self.per_second = per_minute / 60
        self.follow_the_day = follow_the_day

    def next_gap(self) -> float:
        """Seconds until somebody may call; whether they do is for `comes(at)`."""
        return self.chance.expovariate(self.per_second)

    def comes(self, at: datetime) -> bool:
        """Whether the candidate calls at this hour of the city's day (thinning keeps the stream Poisson)."""
        return not self.follow_the_day or self.chance.random() < DAY_CURVE[at.hour] / PEAK


class Population:
    """The city's telephone numbers. A few people call often, as in every city.

    The numbers begin with +86 125, which no network in China hands out, so a message that strays to one of
    them reaches nobody.
    """

    def __init__(self, chance: Random, size: int = 20_000) -> None:
        self.chance = chance
        self.size = size

    def caller(self) -> str:
        """A number in E.164: one caller in five is one of the two hundred who call all the time."""
        often = self.chance.random() < 0.2
        return self.number_of(self.chance.randrange(min(200, self.size) if often else self.size))

    @staticmethod
    def number_of(resident: int) -> str:
        """The telephone number of the n-th resident."""
        return f"+86125{resident * 7919 % 100_000_000:08d}"
