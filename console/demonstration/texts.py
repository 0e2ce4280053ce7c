"""Reads the city's texts: plain files that a person who writes no code can extend.

A block begins with `== ` and a heading; below it stand fields, `name: text`. What follows on further lines belongs to
the field above. Lines that begin with `#` are for whoever edits the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_FIELD = re.compile(r"^([a-z_]+): ?(.*)$")


@dataclass
class Block:
    """One block: `heading` and its fields. `where` names file and line for who made a mistake in it."""

    heading: str
    where: str
    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        try:
            return self.fields[name]
        except KeyError:
            raise ValueError(f"{self.where}: “{self.heading}” lacks “{name}”") from None

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, default)

    def words(self, name: str) -> tuple[str, ...]:
        """A field that lists things, separated by `;` or `；`."""
        return _split(self.get(name))


@lru_cache(maxsize=512)
def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in re.split("[;；]", text) if word.strip())


def blocks(folder: str) -> Iterator[Block]:
    """Every block of every file in `data/<folder>`, in the order of the files' names."""
    for path in sorted((DATA / folder).glob("*.txt")):
        yield from _blocks_of(path)


def _blocks_of(path: Path) -> Iterator[Block]:
    block: Block | None = None
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        if line.startswith("== "):
            if block is not None:
                yield _trimmed(block)
            block, name = Block(line[3:].strip(), f"{path.name}:{number}"), ""
        elif block is None:
            if line.strip():
                raise ValueError(f"{path.name}:{number}: text before the first heading")
        elif match := _FIELD.match(line):
            name = match[1]
            block.fields[name] = match[2]
        elif name:
            block.fields[name] += "\n" + line
        elif line.strip():
            raise ValueError(f"{path.name}:{number}: text before the first field")
    if block is not None:
        yield _trimmed(block)


def _trimmed(block: Block) -> Block:
    block.fields = {name: text.strip() for name, text in block.fields.items()}
    return block
