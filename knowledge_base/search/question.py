"""What somebody typed, as terms to look for. Anything is a question: one character, two thousand, only markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from knowledge_base.search.engine import Reader
from knowledge_base.search.highlight import worth_marking
from knowledge_base.search.ranking import HEAVIEST
from knowledge_base.search.text import fold, terms

LONGEST = 2000


@dataclass(frozen=True)
class Question:
    """`terms` with their counts, empty when there is nothing to look for; `marks` are those shown marked."""

    text: str
    terms: Mapping[str, int]

    @cached_property
    def marks(self) -> list[str]:
        return worth_marking(self.terms)


def understand(raw: str, reader: Reader) -> Question:
    """Read a question. What is too short to hold a term of the stock is taken for the beginning of one."""
    text = " ".join(raw[:LONGEST].split())
    found = dict(terms(text))
    start = fold(text)
    if len(start) == 1 and start.isalnum():
        found = dict.fromkeys([start, *reader.starting_with(start, HEAVIEST)], 1)
    elif start.isascii() and start.isalnum() and len(start) <= 20:
        found |= dict.fromkeys(reader.starting_with(start, HEAVIEST), 1)
    return Question(text, found)
