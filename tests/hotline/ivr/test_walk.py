"""Whatever the flow and whatever is pressed: a caller comes to a person, to a number outside, or to a good-bye."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr import document as doc
from hotline.ivr.builtin import DEFAULT, FORMER_NUMBER
from hotline.ivr.document import PERSON, Flow, Prompt
from hotline.ivr.steps import (
    Ask,
    Begin,
    End,
    Found,
    Keys,
    LookUp,
    Played,
    Position,
    PutThrough,
    Rate,
    Say,
    TakeCallback,
    TakeMessage,
    Wait,
)
from hotline.ivr.walk import straight_to_a_person, walk
from tests.hotline.ivr.flows import SomeWorld, answer_to, flows, pressed, walked, worlds

ANSWERS = st.tuples(pressed, st.sampled_from([None, "办理中"]))


def follow(flow: Flow, *heard, world: SomeWorld | None = None):
    """The outputs of each step."""
    world = world or SomeWorld()
    position, outputs = walk(flow, Position(), Begin(), world)
    steps = [outputs]
    for one in heard:
        position, outputs = walk(flow, position, one, world)
        steps.append(outputs)
    return position, steps


@given(flows, worlds, st.data())
def test_no_flow_and_no_caller_ever_gets_stuck(flow, world, data):
    position, done = walked(flow, world, lambda: data.draw(ANSWERS))
    assert position.over
    assert [one for one in done if isinstance(one, Wait | End)] == [done[-1]]


@given(flows, worlds)
def test_who_never_presses_a_key_gets_somewhere_too(flow, world):
    position, _done = walked(flow, world, lambda: ("", None))
    assert position.over


@given(flows, worlds, st.data())
def test_what_was_not_asked_for_changes_nothing(flow, world, data):
    position, _outputs = walk(flow, Position(), Begin(), world)
    for _ in range(data.draw(st.integers(0, 6))):
        fitting = answer_to(position, *data.draw(ANSWERS))
        for foreign in (Begin(), Keys("1"), Played(), Found("x")):
            if type(foreign) is not type(fitting) or position.over:
                assert walk(flow, position, foreign, world) == (position, [])
        position, _outputs = walk(flow, position, fitting, world)


@given(flows, worlds, st.data())
def test_the_same_answers_lead_the_same_way(flow, world, data):
    answers = data.draw(st.lists(ANSWERS, min_size=200, max_size=200))
    first, second = iter(answers), iter(answers)
    assert walked(flow, world, lambda: next(first)) == walked(flow, world, lambda: next(second))


@given(flows, worlds, st.data())
def test_every_question_has_a_name_of_its_own(flow, world, data):
    _position, done = walked(flow, world, lambda: data.draw(ANSWERS))
    names = [one.step for one in done if isinstance(one, Say | Ask)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "queue"),
    [("0", ""), ("1", ""), ("2", "enterprise"), ("4", "departmental"), ("8", "dialect"), ("", "")],
)
def test_the_default_menu_leads_where_the_domain_says(key, queue):
    position, ((ask,), outputs) = follow(DEFAULT, Keys(key))
    assert (ask.most, ask.wait) == (1, 3)
    assert outputs == [Wait(queue, 0)]
    assert position.pressed == key


def test_a_wrong_key_is_asked_again_and_twice_leads_to_a_person():
    _position, (_first, again, end) = follow(DEFAULT, Keys("6"), Keys("*"))
    assert isinstance(again[0], Ask)
    assert end == [Wait("", 0)]


def test_case_progress_is_told_after_number_and_code():
    flow = DEFAULT
    heard = (
        Keys("3"),
        Keys("202611230000042"),
        Keys("573692"),
        Found("您的工单正在办理。"),
        Played(),
        Keys(""),
    )
    position, steps = follow(flow, *heard)
    assert steps[3] == [LookUp("202611230000042", "573692")]
    assert [one.prompt.text for one in steps[4]] == ["您的工单正在办理。"]
    assert steps[-1] == [Wait("", 0)]
    assert "573692" not in position.kept.values(), "the code is nobody's to read later"


def test_three_wrong_codes_lead_to_a_person():
    wrong = (Keys("1"), Keys("2"), Found(None), Played())
    _position, steps = follow(DEFAULT, Keys("3"), *wrong, *wrong, Keys("1"), Keys("2"), Found(None))
    assert steps[-1] == [Wait("", 0)]
    assert [type(one) for step in steps for one in step].count(LookUp) == 3


def test_a_former_number_is_greeted_by_its_departments_name():
    _position, ((said,), (end,)) = follow(FORMER_NUMBER, Played(), world=SomeWorld(name="水务局"))
    assert "水务局热线已并入" in said.prompt.text
    assert end == Wait("departmental", 1)


def test_an_emergency_broadcast_is_heard_before_the_welcome_while_it_is_on():
    said = Prompt(text="今夜停水。")
    _position, ((first,), (second,)) = follow(DEFAULT, Played(), world=SomeWorld(says=said))
    assert (first.prompt, type(second)) == (said, Ask)


HOURS = Flow(
    start="hours",
    nodes={
        "hours": doc.Hours(
            spans=(doc.Span(days=frozenset(range(5)), since=time(9), until=time(17)),), open="q", closed="bye"
        ),
        "q": doc.Queue(),
        "bye": doc.HangUp(),
    },
)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (datetime(2026, 11, 23, 9, 0), Wait("", 0)),
        (datetime(2026, 11, 23, 8, 59, 59), End()),
        (datetime(2026, 11, 23, 17, 0), End()),
        (datetime(2026, 11, 22, 12, 0), End()),
    ],
)
def test_hours_open_and_close_to_the_second(at, end):
    _position, ((found,),) = follow(HOURS, world=SomeWorld(at=at))
    assert found == end


def test_a_make_up_working_day_is_no_holiday():
    flow = Flow(
        start="h",
        nodes={
            "h": doc.Holiday(working_day=PERSON, day_off="bye"),
            "bye": doc.HangUp(prompt=Prompt(text="再见")),
        },
    )
    assert follow(flow, world=SomeWorld(working=True))[1] == [[Wait("", 0)]]
    _position, (say, end) = follow(flow, Played(), world=SomeWorld(working=False))
    assert (type(say[0]), end) == (Say, [End()])


def one(node, *heard):
    return follow(Flow(start="n", nodes={"n": node}), *heard)[1][-1]


def test_who_is_elsewhere_comes_back_when_that_came_to_nothing():
    assert one(doc.Transfer(number="110")) == [PutThrough("110")]
    assert one(doc.Transfer(number="110"), Found(None)) == [Wait("", 0)]
    assert one(doc.Voicemail(prompt=Prompt(text="请留言")), Played()) == [TakeMessage(180)]
    assert one(doc.Voicemail(), Found(None)) == [Wait("", 0)]
    assert one(doc.Voicemail(), Found("")) == [End()]
    assert one(doc.CallbackOffer(queue="x"), Keys("1")) == [TakeCallback("x")]
    assert one(doc.CallbackOffer(), Keys("1"), Found("")) == [End()]
    assert one(doc.CallbackOffer(), Keys("2")) == [Wait("", 0)]


def test_a_rating_is_one_of_the_keys():
    assert one(doc.Survey(next=PERSON), Keys("4")) == [Rate(4), Wait("", 0)]
    assert one(doc.Survey(next=PERSON), Keys("9")) == [Wait("", 0)]
    assert one(doc.Survey(next=PERSON), Keys("*")) == [Wait("", 0)]


def test_whoever_is_not_heard_of_gets_a_person():
    position, _outputs = walk(DEFAULT, Position(), Begin(), SomeWorld())
    position, outputs = straight_to_a_person(position)
    assert (position.over, outputs) == (True, [Wait("", 0)])
    assert straight_to_a_person(position) == (position, [])
