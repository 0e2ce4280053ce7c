"""What people typed, made plain: only what can be seen, so that no title is invisible and none reads backwards."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tabs and new lines
    "\u200b\u2060\ufeff"  # of no width; joiners stay, which emoji and some scripts are made with
    "\u202a-\u202e\u2066-\u2069]"  # what turns the direction of the words around it
)


def whole_number(text: str, longest: int = 18) -> int | None:
    """The number that stands there in at most `longest` digits, or None. `²` is a digit to Python and no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None


def plain(text: str) -> str:
    """`text` without what cannot be seen, and without blanks at its ends."""
    return _UNSEEN.sub("", text).strip()


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula; an apostrophe says that it is text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
