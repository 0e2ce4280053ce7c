"""The drawing of a flow can be read: no word lies on another, and no line runs through a box it does not lead to."""

from __future__ import annotations

import re

import pytest

from hotline.ivr.builtin import FLOWS
from hotline.ivr.check import exit_label
from hotline.ivr.document import exits
from hotline.ivr.drawing import BOX_HEIGHT, BOX_WIDTH, draw

LETTER = 12  # a Chinese character in the small size


@pytest.fixture(params=FLOWS)
def flow(request, app):
    return FLOWS[request.param]


def words(line) -> str:
    return " ".join(one[4:] if one.startswith("key ") else exit_label(one) for one in line.exits)


def test_every_exit_of_every_node_is_drawn(flow):
    drawn = {(line.source, one) for line in draw(flow).lines for one in line.exits}
    assert drawn == {
        (name, one) for name, node in flow.nodes.items() for one, target in exits(node) if target
    }


def test_no_words_lie_on_other_words(flow):
    spans = [
        (line.y, line.x - len(words(line)) * LETTER / 2, line.x + len(words(line)) * LETTER / 2)
        for line in draw(flow).lines
    ]
    for n, (y, left, right) in enumerate(spans):
        for other_y, other_left, other_right in spans[n + 1 :]:
            assert abs(y - other_y) > LETTER or right <= other_left or other_right <= left


def test_lines_that_pass_rows_by_keep_clear_of_their_boxes(flow):
    drawing = draw(flow)
    for line in drawing.lines:
        lane = re.search(r"L(-?\d+),", line.path)
        if lane:
            x = int(lane[1])
            assert 0 < x < drawing.width
            source, target = (
                next(b for b in drawing.boxes if b.name == end) for end in (line.source, line.target)
            )
            between = [box for box in drawing.boxes if source.y + BOX_HEIGHT < box.y < target.y]
            assert all(x < box.x or x > box.x + BOX_WIDTH for box in between)
