"""The trial walks as the engine does, and tells it."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.builtin import DEFAULT
from hotline.ivr.compare import Change, differences
from hotline.ivr.document import Flow, Prompt, Queue
from hotline.ivr.drawing import draw
from hotline.ivr.steps import LookUp, Wait
from hotline.ivr.trial import MOST_HEARD, TrialWorld, try_out
from tests.hotline.ivr.flows import flows

WORLD = TrialWorld(datetime(2026, 11, 23, 10, 0))
WORDS = st.lists(
    st.one_of(st.sampled_from(["k", "k1", "k#", "p", "f", "fgood", "", "x"]), st.text(max_size=40))
)


def test_keys_lead_where_the_menu_says():
    trial = try_out(DEFAULT, WORLD, ["k2"])
    assert trial.moments[-1].output == Wait("enterprise", 0)
    assert [moment.pressed for moment in trial.moments] == [None, "2", None]


def test_the_case_is_looked_up_and_told():
    trial = try_out(DEFAULT, WORLD, ["k3", "k123", "k456", "f办理中", "p"])
    said = [getattr(m.output, "prompt", Prompt()).text for m in trial.moments if m.output]
    assert LookUp("123", "456") in [moment.output for moment in trial.moments]
    assert "办理中" in said


@given(flows, WORDS)
def test_nothing_typed_into_a_trial_breaks_it(flow, words):
    trial = try_out(flow, WORLD, words)
    assert len(trial.moments) <= 3 * (MOST_HEARD + 70)


@given(flows)
def test_every_node_has_one_place_in_the_drawing_and_no_two_share_it(flow):
    drawing = draw(flow)
    names = [box.name for box in drawing.boxes]
    assert set(flow.nodes) <= set(names)
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(names) == len(set(names))
    assert all(0 <= box.x < drawing.width and 0 <= box.y < drawing.height for box in drawing.boxes)


@given(flows, flows)
def test_what_differs_is_what_changed(before, after):
    found = {one.node: one.change for one in differences(before, after) if one.node}
    assert {name for name, change in found.items() if change is Change.ADDED} == set(after.nodes) - set(
        before.nodes
    )
    same = {name for name in before.nodes if after.nodes.get(name) == before.nodes[name]}
    assert not same & set(found)
    assert differences(before, before) == []


def test_a_flow_without_nodes_can_be_drawn():
    assert [box.name for box in draw(Flow()).boxes] == ["person"]
    assert draw(Flow(start="q", nodes={"q": Queue()})).lines == ()
