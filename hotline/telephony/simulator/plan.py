"""What to simulate, and who sits at the seats: the simulation's two seams with the outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hotline.telephony.simulator.habits import Habits


class Staff(Protocol):
    """The people at the simulated seats. Its methods block; they are called in a thread."""

    def sign_on(self) -> frozenset[str]:
        """Everybody to their seats. Returns the seats' numbers."""

    def look_after(self) -> None:
        """Who missed a call comes back, who is done with the wrap-up says so."""

    def sign_off(self) -> None:
        """Everybody goes home."""


@dataclass(frozen=True)
class Plan:
    """Where the hotline is and what happens to it."""

    address: str
    secret: str
    redis_url: str
    recordings: Path
    rate: float = 4.0  # calls a minute, in real time
    calls: int | None = None  # no more than so many; None: no limit
    duration: float | None = None  # real seconds; None: until stopped
    speed: float = 1.0
    seed: int | None = None
    chaos: float = 0.0
    follow_the_day: bool = False
    habits: Habits = field(default_factory=Habits)
