"""Where each node stands in the drawing of a flow, and the lines between them. Pure; the page only fills it in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hotline.ivr.document import PERSON, Flow, exits

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 176, 52, 28, 64, 16
PERSON_BOX = "person"


@dataclass(frozen=True)
class Box:
    """A node at its place; `name` is `person` for the way out that every flow has."""

    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """From exits of one node to another; `path` is an SVG path, its label is at (x, y). `back`: it leads upwards."""

    source: str
    target: str
    exits: tuple[str, ...]
    path: str
    x: int
    y: int
    back: bool


@dataclass(frozen=True)
class Drawing:
    """Everything there is to draw."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def draw(flow: Flow) -> Drawing:
    """Levels by the longest way from the start without a circle, so that lines lead downwards; what no caller reaches
    stands in a last row of its own."""
    rows = _rows(flow)
    widest = max((len(row) for row in rows), default=1)
    width = MARGIN * 2 + widest * BOX_WIDTH + (widest - 1) * GAP_X
    places = {}
    for level, row in enumerate(rows):
        taken = len(row) * BOX_WIDTH + (len(row) - 1) * GAP_X
        left = (width - taken) // 2
        for n, name in enumerate(row):
            places[name] = Box(name, left + n * (BOX_WIDTH + GAP_X), MARGIN + level * (BOX_HEIGHT + GAP_Y))
    lines = []
    for name, node in flow.nodes.items():
        ways: dict[str, list[str]] = defaultdict(list)
        for exit_, target in exits(node):
            if target in places:
                ways[target].append(exit_)
        for n, (target, found) in enumerate(ways.items()):
            lines.append(_line(places[name], places[target], found, n, len(ways)))
    height = MARGIN * 2 + len(rows) * BOX_HEIGHT + max(0, len(rows) - 1) * GAP_Y
    return Drawing(tuple(places.values()), tuple(lines), width, height)


def _rows(flow: Flow) -> list[list[str]]:
    order = _order(flow)
    level = dict.fromkeys(order, 0)
    place = {name: n for n, name in enumerate(order)}
    for name in order:
        for _exit, target in exits(flow.nodes[name]):
            if target in place and place[target] > place[name]:
                level[target] = max(level[target], level[name] + 1)
    rows: list[list[str]] = []
    for name in order:
        while len(rows) <= level[name]:
            rows.append([])
        rows[level[name]].append(name)
    lost = [name for name in flow.nodes if name not in level]
    leads_to_a_person = flow.start == PERSON or any(
        target == PERSON for node in flow.nodes.values() for _exit, target in exits(node)
    )
    if leads_to_a_person:
        rows.append([PERSON_BOX])
    if lost:
        rows.append(lost)
    return rows


def _order(flow: Flow) -> list[str]:
    """The nodes a caller can come to, each after those that lead there, circles left aside."""
    seen: set[str] = set()
    done: list[str] = []
    stack = [(flow.start, iter(exits(flow.nodes[flow.start])))] if flow.start in flow.nodes else []
    seen.update(name for name, _onward in stack)
    while stack:
        name, onward = stack[-1]
        for _exit, target in onward:
            if target in flow.nodes and target not in seen:
                seen.add(target)
                stack.append((target, iter(exits(flow.nodes[target]))))
                break
        else:
            stack.pop()
            done.append(name)
    return done[::-1]


def _line(source: Box, target: Box, exits_: list[str], n: int, of: int) -> Line:
    """Downwards from the lower edge; back upwards around the right side."""
    out = source.x + BOX_WIDTH * (n + 1) // (of + 1)
    into = target.x + BOX_WIDTH // 2
    below = source.y + BOX_HEIGHT
    if target.y > source.y:
        middle = below + GAP_Y // 2
        path = f"M{out},{below} C{out},{middle} {into},{middle} {into},{target.y}"
        at = (out + into) // 2, middle + 4
        return Line(source.name, target.name, tuple(exits_), path, *at, back=False)
    side = source.x + BOX_WIDTH
    start, end = source.y + BOX_HEIGHT // 2, target.y + BOX_HEIGHT // 2
    bow = max(side, target.x + BOX_WIDTH) + GAP_X
    path = f"M{side},{start} C{bow},{start} {bow},{end} {target.x + BOX_WIDTH},{end}"
    return Line(source.name, target.name, tuple(exits_), path, side + 4, start - 6, back=True)
