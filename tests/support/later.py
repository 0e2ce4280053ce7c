"""What should run beside, run when the test says so."""

from __future__ import annotations

from collections.abc import Callable


class Later:
    """Keeps what should run beside, until the test runs it."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    def __call__(self, work: Callable[[], object]) -> None:
        self.waiting.append(work)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()
