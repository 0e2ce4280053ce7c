"""Callers' numbers as networks tell them: withheld, false, or in a shape of the network's own."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\+?[0-9*#]{1,31}")
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8566", "+86282452253", "+464"})
"""What carriers put in the place of a number that was withheld: `ANONYMOUS` and its like, spelt on a keypad."""
_SIP = re.compile(r"sips?:([^@;>]+)@.*")


def number_of(text: object) -> str:
    """A caller's number as the contract has it; `anonymous` for everything that is none."""
    found = str(text or "").replace(" ", "").replace("-", "")
    if (address := _SIP.fullmatch(found)) is not None:
        found = address[1]
    return found if NUMBER.fullmatch(found) and found not in WITHHELD else "anonymous"
