"""Numbers that come with a request: whatever was sent, a key or nothing."""

from __future__ import annotations

from typing import Any


def number(value: Any) -> int | None:
    """`value` as a number from 0 up; None for whatever is none."""
    text = str(value) if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
