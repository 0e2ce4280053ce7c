"""Tables as text that can be read aloud and found: each row says what its cells are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_APART = "；"


def readable(rows: Iterable[Sequence[str]]) -> list[str]:
    """A line for each row below the first: `事项：补办；费用：10元`. A single row or column is given as it is."""
    filled = [cells for raw in rows if any(cells := [" ".join(c.split()) for c in raw])]
    if not filled:
        return []
    head, width = filled[0], max(map(len, filled))
    if len(filled) == 1 or width == 1 or sum(map(bool, head)) < 2 or len(set(head)) < sum(map(bool, head)):
        return [" ".join(_once(cells)) for cells in filled]
    return [_row(head, cells) for cells in filled[1:]]


def _row(head: Sequence[str], cells: Sequence[str]) -> str:
    named = [
        f"{head[at]}：{cell}" if at < len(head) and head[at] and head[at] != cell else cell
        for at, cell in enumerate(cells)
        if cell
    ]
    return _APART.join(named) + "。"


def _once(cells: Sequence[str]) -> list[str]:
    """A merged cell is told once."""
    return [cell for at, cell in enumerate(cells) if cell and (at == 0 or cell != cells[at - 1])]
