"""A bad network, on purpose: `./manage simulate --chaos 0.2`."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass
class Chaos:
    """Each happens to a `share` of events (0 … 1): sent twice, overtaken by the next, its answer lost."""

    share: float
    chance: Random

    def duplicates(self) -> bool:
        return self._strikes()

    def overtakes(self) -> bool:
        return self._strikes()

    def loses_answer(self) -> bool:
        return self._strikes()

    def delay(self) -> float:
        """Seconds a message dawdles."""
        return self.chance.uniform(0, 0.05)

    def _strikes(self) -> bool:
        return self.share > 0 and self.chance.random() < self.share
