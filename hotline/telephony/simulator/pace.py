"""How fast time passes in the simulated city: at speed 10 a talk of 150 seconds takes 15."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from config import clock


class Pace:
    """People and their telephones live by `sleep`; machines (retries, polling) by asyncio's own clock.

    `now` tells the moment written into events. It is real time at any speed, because the hotline's own timers
    run in real time too.
    """

    def __init__(self, speed: float = 1.0, now: Callable[[], datetime] = clock.now) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.speed = speed
        self.now = now

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` of the city's time pass."""
        await asyncio.sleep(max(seconds, 0) / self.speed)

    def elapsed(self, since: float) -> float:
        """Seconds of the city's time since `since`, a reading of `mark()`."""
        return (self.mark() - since) * self.speed

    def mark(self) -> float:
        """A reading to measure from."""
        return asyncio.get_running_loop().time()
