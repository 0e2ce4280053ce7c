"""The check names the node that is to blame."""

from __future__ import annotations

from datetime import time

import pytest
from flask_babel import force_locale
from hypothesis import given

from hotline.ivr import document as doc
from hotline.ivr.builtin import DEFAULT, FLOWS
from hotline.ivr.check import problems
from hotline.ivr.document import Flow, Prompt
from tests.hotline.ivr.flows import SomeWorld, flows, walked

QUEUES = {"enterprise", "departmental", "dialect"}
SAID = Prompt(text="您好")


def grave(flow: Flow) -> list[tuple[str, str]]:
    return [(one.node, one.sentence) for one in problems(flow, QUEUES, set()) if one.grave]


def of(node, **others) -> list[tuple[str, str]]:
    return grave(Flow(start="n", nodes={"n": node, **others}))


@pytest.fixture
def _in_english(app):
    with force_locale("en"):
        yield


@pytest.mark.parametrize("name", FLOWS)
def test_the_flows_of_the_house_are_sound(app, name):
    assert problems(FLOWS[name], QUEUES, set()) == []


@pytest.mark.usefixtures("_in_english")
@pytest.mark.parametrize(
    ("node", "said"),
    [
        (doc.Play(prompt=SAID), "leads nowhere"),
        (doc.Play(prompt=SAID, next="gone"), "does not exist"),
        (doc.Play(next="person"), "is missing"),
        (doc.Play(prompt=Prompt(sound="p-" + "0" * 32), next="person"), "is not here any more"),
        (doc.Play(prompt=SAID, next="n"), "goes round for ever"),
        (doc.Menu(prompt=SAID), "No key leads on"),
        (doc.Menu(prompt=SAID, choices={"1": "gone"}), "Key 1"),
        (doc.Menu(prompt=SAID, choices={"1": "person"}, silence="n"), "goes round for ever"),
        (doc.Hours(open="person", closed="person"), "No hours"),
        (
            doc.Hours(
                spans=(doc.Span(days={0}, since=time(17), until=time(9)),), open="person", closed="person"
            ),
            "begin before they end",
        ),
        (doc.Transfer(), "number to transfer to"),
        (doc.Queue(queue="nobody"), "no queue"),
        (doc.Digits(prompt=SAID, least=9, most=3, next="person"), "More digits"),
    ],
)
def test_each_mistake_is_named_with_its_node(app, node, said):
    found = of(node)
    assert [name for name, _sentence in found] == ["n"] * len(found)
    assert any(said in sentence for _name, sentence in found), found


@pytest.mark.usefixtures("_in_english")
def test_a_node_nobody_comes_to_is_named(app):
    assert ("lost", "No caller ever comes here.") in of(doc.Queue(), lost=doc.Queue())


def test_a_menu_may_be_heard_again_by_pressing_a_key(app):
    assert of(doc.Menu(prompt=SAID, choices={"1": "person", "9": "n"})) == []


@pytest.mark.usefixtures("_in_english")
def test_a_circle_over_several_nodes_is_told_as_a_way(app):
    found = of(
        doc.Play(title="甲", prompt=SAID, next="b"),
        b=doc.Holiday(title="乙", working_day="n", day_off="person"),
    )
    assert [sentence for _name, sentence in found] == [
        "Who presses nothing goes round for ever: 甲 → 乙 → 甲"
    ]


def test_a_flow_without_the_emergency_broadcast_is_warned_of_but_may_be_published(app):
    (found,) = problems(Flow(start="q", nodes={"q": doc.Queue()}), QUEUES)
    assert (found.node, found.grave) == ("", False)


@given(flows)
def test_a_flow_without_problems_lets_who_presses_nothing_through_without_a_single_detour(app, flow):
    """What the check accepts never needs the interpreter's own net."""
    if grave(flow):
        return
    position, _done = walked(flow, SomeWorld(), lambda: ("", None))
    assert position.steps <= 3 * len(flow.nodes) + 1


def test_a_node_cannot_be_called_person():
    with pytest.raises(ValueError, match="person"):
        Flow(nodes={"person": doc.Queue()})


def test_what_is_written_is_read_again():
    assert Flow.model_validate_json(DEFAULT.model_dump_json()) == DEFAULT
