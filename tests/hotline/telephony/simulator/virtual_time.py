"""An event loop whose time jumps to whatever is due next: an hour in the city takes milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the city


class _Jump(selectors.SelectSelector):
    """Instead of waiting for so long, says that so long has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:  # only a thread can still wake us
            if found := super().select(5):
                return found
            raise RuntimeError("everybody waits and nothing is due: the world stands still")
        self.passed += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.passed

    def moment(self) -> datetime:
        return MORNING + timedelta(seconds=self.time())


def live(scene: Coroutine[Any, Any, T]) -> T:
    """Play the scene to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(scene)


def moment() -> datetime:
    """The moment in the running scene."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop.moment()
