"""What people typed, made plain: only what can be seen, so that no title is invisible and none reads backwards."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tabs and new lines
    "\u200b\u2060\ufeff"  # of no width; joiners stay, which emoji and some scripts are made with
    "\u202a-\u202e\u2066-\u2069]"  # what turns the direction of the words around it
)


def plain(text: str) -> str:
    """`text` without what cannot be seen, and without blanks at its ends."""
    return _UNSEEN.sub("", text).strip()
