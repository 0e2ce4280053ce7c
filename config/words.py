"""Enums that carry their words: the stored value, its label in the reader's language, its hue."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Any, Self


class Hue(Enum):
    """The meaning a colour has on every page; used for states and nothing else."""

    QUIET = "quiet"
    WAITING = "waiting"
    RUNNING = "running"
    GOOD = "good"
    LATE = "late"


class Word(StrEnum):
    """A closed set of words.

    >>> class Light(Word):
    ...     RED = "red", "Stop", Hue.LATE
    >>> Light("red").label
    'Stop'
    """

    _label: Any
    hue: Hue

    def __new__(cls, value: str, label: Any = None, hue: Hue = Hue.QUIET) -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word._label = label if label is not None else value
        word.hue = hue
        return word

    @property
    def label(self) -> str:
        """What a person reads, in their language."""
        return str(self._label)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs for a select field, in the order of definition."""
        return [(word.value, word.label) for word in cls]
