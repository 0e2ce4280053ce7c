"""Names of people and telephone numbers that belong to nobody."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from console.demonstration.texts import Block, blocks


def a_name(rng: Random) -> tuple[str, bool]:
    """A full name, and whether it is a woman's."""
    woman = rng.random() < 0.52
    names = _names()
    return rng.choice(names.words("surnames")) + rng.choice(names.words("women" if woman else "men")), woman


def a_number(rng: Random) -> str:
    """A mobile number of a range the numbering plan has not given to anybody (`+86 140 …`)."""
    return f"+86140{rng.randrange(100_000_000):08d}"


REGULARS = 600
REGULARS_SHARE = 0.22


def a_callers_number(rng: Random) -> str:
    """Somebody who calls: one in five has called before, and some of those often."""
    if rng.random() >= REGULARS_SHARE:
        return a_number(rng)
    return a_number(Random(int(REGULARS * rng.random() ** 2)))


def name_of(number: str) -> tuple[str, bool]:
    """The name of whoever has this number, and whether it is a woman's."""
    return a_name(Random(number))


@lru_cache(maxsize=1)
def words() -> dict[str, Block]:
    """The blocks of `data/words` by their headings."""
    return {block.heading: block for block in blocks("words")}


def _names() -> Block:
    return words()["names"]
