"""Other words for what was typed: 低保 is 最低生活保障 in every rule. Pure; the groups are kept in `models/wording`.

A group is written `低保 = 最低生活保障` where each word means the others, and `狗咬人, 被狗咬 > 饲养动物` where the
words before the sign lead to those after it and not back: who asks as the rule speaks has said what stands there, and
the wide words of a rule (用人单位, 未成年人) must not bring along every narrow word of the street.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge_base.search.text import fold

_BASE = Path(__file__).parent / "data" / "dictionary.txt"
_APART = re.compile(r"[,，、;；=＝\n]+")
_LEADS = re.compile("[>＞]")
_SLIPPED_IN = re.compile("[我你您他她它]们?|[的了着]")
"""What people put between the words of a phrase: 不给我交社保 is 不给交社保, 吃坏了肚子 is 吃坏肚子."""
SHORTEST_CLOSED_UP = 3
"""Characters of a phrase found only without what was slipped in: closer together, any two make a word."""


@dataclass(frozen=True)
class Group:
    """Words that mean the same; the first `leads` of them lead to the others only (0: each leads to all)."""

    words: tuple[str, ...]
    leads: int = 0

    @classmethod
    def read(cls, written: str) -> Group:
        """The group as people write it. With nothing on one side of the sign, or a second sign, ValueError."""
        before, *after = (_apart(side) for side in _LEADS.split(written))
        if not after:
            return cls(before)
        if len(after) > 1 or not before or not after[0]:
            raise ValueError(written)
        return cls((*before, *after[0]), len(before))

    def __str__(self) -> str:
        if not self.leads:
            return " = ".join(self.words)
        return f"{', '.join(self.words[: self.leads])} > {', '.join(self.words[self.leads :])}"


class Thesaurus:
    """Groups of words that mean the same, looked up by where they stand in a question, the longest first.

    `names` are words that must not be taken apart.
    """

    def __init__(self, groups: Iterable[Group], names: Iterable[str] = ()) -> None:
        self._others: dict[str, list[str]] = {}
        self._names = frozenset(fold(name).strip() for name in names)
        for group in groups:
            same = [word.strip() for word in fold("\n".join(group.words)).split("\n")]
            leads = same[: group.leads] or same
            led_to = same[group.leads :]
            for word in filter(None, dict.fromkeys(leads)):
                known = self._others.setdefault(word, [])
                known += [other for other in dict.fromkeys(led_to) if other and other not in (word, *known)]
        self._lengths = sorted({len(word) for word in self._others}, reverse=True)

    def meaning(self, folded: str) -> dict[str, list[str]]:
        """The words of the question that have others, and those. A word within a longer one found is not looked up."""
        found = self._standing_in(folded)
        if (closed_up := _SLIPPED_IN.sub("", folded)) != folded:
            more = self._standing_in(closed_up)
            found |= {
                w: others for w, others in more.items() if len(w) >= SHORTEST_CLOSED_UP and w not in folded
            }
        kept = {word: [other for other in others if other not in folded] for word, others in found.items()}
        return {word: others for word, others in kept.items() if others}

    def names(self, folded: str) -> list[str]:
        """The names that stand in the question, and not within a longer word of the dictionary."""
        return [word for word in self._standing_in(folded) if word in self._names]

    def _standing_in(self, folded: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        taken = [False] * len(folded)
        for length in self._lengths:
            for at in range(len(folded) - length + 1):
                word = folded[at : at + length]
                if word in self._others and not all(taken[at : at + length]):
                    found[word] = self._others[word]
                    taken[at : at + length] = [True] * length
        return found


@lru_cache(maxsize=1)
def base_groups() -> tuple[Group, ...]:
    """What every stock begins with."""
    lines = (line.split("#")[0].strip() for line in _BASE.read_text("utf-8").splitlines())
    return tuple(Group.read(line) for line in lines if line)


def _apart(side: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in _APART.split(side))
    return tuple(dict.fromkeys(word for word in words if word))
