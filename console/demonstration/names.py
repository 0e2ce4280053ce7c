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


@lru_cache(maxsize=1)
def words() -> dict[str, Block]:
    """The blocks of `data/words` by their headings."""
    return {block.heading: block for block in blocks("words")}


def _names() -> Block:
    return words()["names"]
