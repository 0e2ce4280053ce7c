"""Told apart by the name of the rule, not by words that depend on the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config.errors import Invalid, Refused


@contextmanager
def refused_because(condition: str) -> Iterator[None]:
    """The block is refused by the rule of that name."""
    with pytest.raises(Refused) as told:
        yield
    assert told.value.detail.get("condition") == condition


@contextmanager
def invalid(*fields: str) -> Iterator[None]:
    """The block is refused for exactly these fields."""
    with pytest.raises(Invalid) as told:
        yield
    assert sorted(told.value.fields) == sorted(fields)
