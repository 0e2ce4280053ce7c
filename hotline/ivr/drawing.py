"""Where each node stands in the drawing of a flow, and the lines between them. Pure; the page only fills it in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hotline.ivr.document import PERSON, AnyNode, Flow, exits

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 176, 52, 28, 72, 16
LANE = 20  # beside the boxes, for a line that passes rows by
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
    stands in a last row of its own. A line that passes rows by does so beside their boxes."""
    rows = _rows(flow)
    level = {name: n for n, row in enumerate(rows) for name in row}
    ways = {name: _ways(node, level) for name, node in flow.nodes.items()}
    passing = [(s, t) for s, found in ways.items() for t in found if level[t] > level[s] + 1]
    rows = [_sorted_row(row, rows, ways) for row in rows]
    widest = max((len(row) for row in rows), default=1)
    side = MARGIN + LANE * ((len(passing) + 1) // 2)
    width = side * 2 + widest * BOX_WIDTH + (widest - 1) * GAP_X
    places = {}
    for n, row in enumerate(rows):
        left = (width - len(row) * BOX_WIDTH - (len(row) - 1) * GAP_X) // 2
        for at, name in enumerate(row):
            places[name] = Box(name, left + at * (BOX_WIDTH + GAP_X), MARGIN + n * (BOX_HEIGHT + GAP_Y))
    lanes = {}
    for n, (source, target) in enumerate(passing):
        between = [places[name] for row in rows[level[source] + 1 : level[target]] for name in row]
        out = LANE * (n // 2 + 1)
        right = max(box.x for box in between) + BOX_WIDTH + out
        lanes[source, target] = right if n % 2 else min(box.x for box in between) - out
    lines = _lines(places, ways, lanes)
    height = MARGIN * 2 + len(rows) * BOX_HEIGHT + max(0, len(rows) - 1) * GAP_Y
    return Drawing(tuple(places.values()), tuple(lines), width, height)


Ways = dict[str, dict[str, list[str]]]
"""By node: the exits that lead to each other node, in the order of the exits."""


def _ways(node: AnyNode, level: dict[str, int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for exit_, target in exits(node):
        if target in level:
            found[target].append(exit_)
    return found


def _sorted_row(row: list[str], rows: list[list[str]], ways: Ways) -> list[str]:
    """Under whoever leads there, in the order of the exits, so that lines cross as little as may be."""

    def wish(name: str) -> float:
        wishes = [
            (n + (list(ways[source]).index(name) + 1) / (len(ways[source]) + 1)) / len(above)
            for above in rows[: rows.index(row)]
            for n, source in enumerate(above)
            if name in ways.get(source, {})
        ]
        return sum(wishes) / len(wishes) if wishes else 0.5

    return sorted(row, key=wish)


def _lines(places: dict[str, Box], ways: Ways, lanes: dict[tuple[str, str], int]) -> list[Line]:
    """Each leaves and arrives at a point of its own: those further left do so further left."""
    arriving: dict[str, list[str]] = defaultdict(list)
    for source, targets in ways.items():
        for target in targets:
            arriving[target].append(source)
    for target, sources in arriving.items():
        sources.sort(key=lambda name: lanes.get((name, target), places[name].x))
    lines = []
    for source, targets in ways.items():
        ordered = sorted(targets, key=lambda name: lanes.get((source, name), places[name].x))
        for n, target in enumerate(ordered):
            out = places[source].x + BOX_WIDTH * (n + 1) // (len(ordered) + 1)
            others = arriving[target]
            into = places[target].x + BOX_WIDTH * (others.index(source) + 1) // (len(others) + 1)
            lane = lanes.get((source, target))
            lines.append(_line(places[source], places[target], targets[target], out, into, lane))
    return lines


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


def _line(source: Box, target: Box, exits_: list[str], out: int, into: int, lane: int | None) -> Line:
    """Downwards from the lower edge, through a lane past the rows between; back upwards around the right side."""
    below, name = source.y + BOX_HEIGHT, (source.name, target.name)
    if target.y > source.y and lane is not None:
        first, last = below + GAP_Y, target.y - GAP_Y
        path = f"{_bow(out, below, lane, first)} L{lane},{last} C{_curve(lane, last, into, target.y)}"
        return Line(*name, tuple(exits_), path, *_label(out, below, lane, first), back=False)
    if target.y > source.y:
        path = _bow(out, below, into, target.y)
        return Line(*name, tuple(exits_), path, *_label(out, below, into, target.y), back=False)
    side = source.x + BOX_WIDTH
    start, end = source.y + BOX_HEIGHT // 2, target.y + BOX_HEIGHT // 2
    bow = max(side, target.x + BOX_WIDTH) + GAP_X
    path = f"M{side},{start} C{bow},{start} {bow},{end} {target.x + BOX_WIDTH},{end}"
    return Line(*name, tuple(exits_), path, side + 8, start - 6, back=True)


def _bow(x1: int, y1: int, x2: int, y2: int) -> str:
    return f"M{x1},{y1} C{_curve(x1, y1, x2, y2)}"


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    middle = (y1 + y2) // 2
    return f"{x1},{middle} {x2},{middle} {x2},{y2}"


def _label(x1: int, y1: int, x2: int, y2: int) -> tuple[int, int]:
    """Seven tenths down the curve, where lines to neighbours have parted."""
    return round(0.216 * x1 + 0.784 * x2), round(0.37 * y1 + 0.63 * y2)
