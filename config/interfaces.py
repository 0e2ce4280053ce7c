"""What a lower floor must ask of a higher one, it asks through a slot that the higher one fills."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Slot(Generic[P, R]):
    """A question with a default answer.

    >>> greeting: Slot[[str], str] = Slot("greeting", default=lambda name: "hello")
    >>> _ = greeting.register(lambda name: f"good morning, {name}")
    >>> greeting("Li")
    'good morning, Li'
    """

    def __init__(self, name: str, default: Callable[P, R]) -> None:
        self.name = name
        self._answer = default

    def register(self, answer: Callable[P, R]) -> Callable[P, R]:
        """Fill the slot; usable as a decorator."""
        self._answer = answer
        return answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._answer(*args, **kwargs)
