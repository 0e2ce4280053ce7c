"""Leaving out what a library would load in case it is used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """In the block, importing these fails as if they were not installed, unless they are loaded already."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type] # None: the import system's own sign for it
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
