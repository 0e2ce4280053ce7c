"""Documents for a bench: those of a folder, or those we ship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

_VERSION = re.compile(r"^(?P<name>.+)\((?P<day>\d{4}-\d{2}-\d{2})\)$")
_PREAMBLE_END = "<!-- INFO END -->"


@dataclass(frozen=True)
class Document:
    """A text and when it holds; `expires_on` is the last day."""

    title: str
    body: str
    effective_on: date | None = None
    expires_on: date | None = None
    synonyms: tuple[str, ...] = ()


def shipped() -> Iterator[Document]:
    """The demonstration's knowledge."""
    from console.demonstration.texts import blocks

    for block in blocks("knowledge"):
        yield Document(block.heading, block["body"], synonyms=tuple(block.words("synonyms")))


def documents_in(folder: Path) -> Iterator[Document]:
    """Every .md and .txt below `folder`. `名称(2019-03-24).md` is a version, which holds until the next one begins."""
    versions: dict[str, list[tuple[date | None, Path]]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".md", ".txt")):
        match = _VERSION.match(path.stem)
        name = match["name"] if match else path.stem
        versions.setdefault(name, []).append((date.fromisoformat(match["day"]) if match else None, path))
    for name, found in versions.items():
        found.sort(key=lambda one: (one[0] or date.min, one[1]))
        for (day, path), (following, _path) in pairwise([*found, (None, Path())]):
            yield _document(name, path, day, following)


def _document(name: str, path: Path, day: date | None, following: date | None) -> Document:
    text = path.read_text(encoding="utf-8")
    lines = text.strip().splitlines() or [name]
    first = lines[0].lstrip("# ").strip()
    titled = lines[0].startswith("#") or (
        len(first) < 60 and first[-1:] not in "。；;,，" and "条" not in first
    )
    body = text.split(_PREAMBLE_END)[-1]
    ends = following - timedelta(days=1) if following else None
    return Document(first if titled else name, body.strip() or name, day, ends)
