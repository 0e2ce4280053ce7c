"""What was done already."""

from __future__ import annotations


class Memory:
    """The newest so many names."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._names: dict[str, None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        self._names[name] = None
        if len(self._names) > self._size:
            del self._names[next(iter(self._names))]
