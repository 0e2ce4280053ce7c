"""A call in its flow: what counts as an answer, which flow is whose, and who looks after a caller nobody answers."""

from __future__ import annotations

import pytest

from config import clock
from config.extensions import db
from config.ids import new_id
from config.timers import run_due_timers
from hotline.ivr import document as doc
from hotline.ivr.document import PERSON, Flow, Prompt
from hotline.ivr.words import VersionState
from hotline.models import IvrFlow, IvrNumber, IvrVersion
from hotline.services.switches import broadcast, go_straight
from hotline.words import CallState, EndReason
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, kinds, make_agent, make_queue


def put_in_force(flow: Flow, code: str = "default", number: str = "") -> IvrVersion:
    person, now = make_person(()), clock.now()
    row = IvrFlow(code=code, name=code, numbers=[IvrNumber(number=number)] if number else [])
    db.session.add(row)
    db.session.flush()
    version = IvrVersion(
        flow_id=row.id, key=new_id(), number=1, state=VersionState.PUBLISHED, body=flow.model_dump(mode="json"),
        note="", made_at=now, changed_at=now, made_by_id=person.id, published_at=now, published_by_id=person.id,
    )  # fmt: skip
    db.session.add(version)
    db.session.commit()
    return version


SAID = Prompt(text="您好")
TWO_LEVELS = Flow(
    start="first",
    nodes={
        "first": doc.Menu(prompt=SAID, choices={"1": "second", "9": "outside"}),
        "second": doc.Menu(prompt=SAID, choices={"2": "office"}),
        "office": doc.Queue(queue="office", priority=7),
        "outside": doc.Transfer(number="110", otherwise=PERSON),
        "bye": doc.HangUp(prompt=SAID),
    },
)


@pytest.fixture
def call(app, clock):
    put_in_force(TWO_LEVELS)
    return SwitchCall()


def test_two_levels_of_keys_lead_to_the_queue_with_its_priority(call):
    queue = make_queue("office")
    call.arrive()
    assert kinds(call.press("1")) == ["gather"]
    call.press("2")
    row = call.row
    assert (row.queue_id, row.priority, row.state) == (queue.id, 7, CallState.QUEUED)
    assert row.asked_key == "2"


def test_late_doubled_and_foreign_digits_change_nothing(call):
    call.arrive()
    first = call.asked
    call.press("1")
    before = call.row.flow_position
    for prompt in (first, "", "second~99", "welcome", None):
        assert call.tell("digits", leg=call.citizen, value="2", prompt=prompt) == []
    assert call.tell("prompt.done", leg=call.citizen, prompt=call.asked) == []
    assert (call.row.flow_position, call.row.asked_at) == (before, None)


def test_a_flood_of_keys_leads_to_a_person_and_no_further(call):
    call.arrive()
    for _ in range(60):
        call.press("*" * 32)
    assert call.row.state is CallState.QUEUED
    assert call.row.asked_at is not None
    assert len([c for c in call.commands if c.type == "gather"]) == 2


def test_keys_in_the_talk_are_nobodys(app, clock):
    make_agent()
    call = SwitchCall()
    call.arrive()
    asked = call.asked
    call.press("1")
    call.tell("leg.answered", leg=call.seat_leg)
    assert call.tell("digits", leg=call.citizen, value="3", prompt=asked) == []
    assert call.row.state is CallState.TALKING


def test_what_a_caller_pressed_before_hanging_up_counts_though_it_is_heard_of_later(call, clock):
    call.arrive()
    clock.advance(seconds=2)
    pressed = call.event("digits", leg=call.citizen, value="1", prompt=call.asked)
    clock.advance(seconds=1)
    call.caller_hangs_up()
    assert call.send(pressed) == []
    assert call.row.end_reason is EndReason.ENDED_IN_IVR


def test_a_step_the_switch_never_answers_leads_to_a_person(call, clock):
    call.arrive()
    call.press("1")
    clock.advance(seconds=120)
    run_due_timers()
    assert call.row.state is CallState.QUEUED
    assert call.press("2") == []


def test_the_timer_of_an_answered_step_harms_nobody(call, clock):
    call.arrive()
    clock.advance(seconds=20)
    call.press("1")
    clock.advance(seconds=20)
    run_due_timers()
    assert call.row.asked_at is None


def test_a_number_outside_is_rung_and_the_two_talk(call, clock):
    call.arrive()
    (ring,) = call.press("9")
    assert (ring.type, ring.number) == ("ring", "110")
    clock.advance(seconds=8)
    assert kinds(call.tell("leg.answered", leg=ring.leg)) == ["connect", "record"]
    clock.advance(seconds=90)
    (hangup,) = call.tell("leg.ended", leg=ring.leg, cause="normal", by="other")
    assert (hangup.type, hangup.leg) == ("hangup", call.citizen)
    clock.advance(seconds=1)
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    row = call.row
    assert (row.end_reason, row.talk_seconds, row.hold_seconds) == (EndReason.PUT_THROUGH, 90.0, 0.0)
    assert (row.answered_at, row.wait_seconds) == (None, None), "nobody of ours was asked for"


def test_who_hangs_up_while_it_rings_outside_ended_in_the_menu(call, clock):
    call.arrive()
    (ring,) = call.press("9")
    clock.advance(seconds=8)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=ring.leg, cause="normal", by="hotline")
    assert (call.row.end_reason, call.row.talk_seconds) == (EndReason.ENDED_IN_IVR, None)


def test_a_talk_with_somebody_outside_outlives_the_timers_of_the_flow(app, clock):
    put_in_force(Flow(start="out", nodes={"out": doc.Transfer(number="110", prompt=SAID)}))
    call = SwitchCall()
    call.arrive()
    (ring,) = call.hear()
    call.tell("leg.answered", leg=ring.leg)
    clock.advance(minutes=10)
    run_due_timers()
    assert call.row.asked_at is None


def test_where_nobody_answers_outside_the_caller_goes_on_in_the_flow(call):
    call.arrive()
    (ring,) = call.press("9")
    assert kinds(call.tell("leg.ended", leg=ring.leg, cause="busy", by="switch")) == ["queue"]


def test_a_flow_of_a_number_is_for_those_who_dial_it(app):
    put_in_force(TWO_LEVELS)
    version = put_in_force(Flow(start="bye", nodes=TWO_LEVELS.nodes), "office", "88881234")
    other, own = SwitchCall(), SwitchCall()
    other.arrive()
    assert kinds(own.arrive(to="88881234")) == ["answer", "say"]
    assert own.row.flow_version == version.key != other.row.flow_version
    assert kinds(own.hear()) == ["hangup"]


@pytest.mark.parametrize("dialled", ["057188881234", "+8657188881234"])
def test_a_former_number_is_greeted_by_the_departments_name_and_goes_to_its_queue(app, clock, dialled):
    queue = make_queue("departmental")
    department = make_department("水务局")
    department.former_numbers = ["0571-8888 1234", "96166"]
    db.session.commit()
    call = SwitchCall()
    _answer, said = call.arrive(to=dialled)
    assert "水务局热线已并入" in said.text
    call.hear()
    row = call.row
    assert (row.department_id, row.queue_id, row.priority) == (department.id, queue.id, 1)


def test_an_emergency_broadcast_is_heard_by_the_next_caller_first(app, clock):
    broadcast(None, True, Prompt(text="今夜停水。"))
    call = SwitchCall()
    _answer, said = call.arrive()
    assert said.text == "今夜停水。"
    assert kinds(call.hear()) == ["gather"]
    broadcast(None, False, Prompt(text="今夜停水。"))
    assert kinds(SwitchCall().arrive()) == ["answer", "gather"]


def test_straight_to_a_person_asks_nobody_anything(call):
    go_straight(None, True)
    assert kinds(call.arrive()) == ["answer", "queue"]
    go_straight(None, False)
    assert kinds(SwitchCall().arrive()) == ["answer", "gather"]


def test_a_version_that_cannot_be_read_leaves_nobody_without(app, clock):
    version = put_in_force(TWO_LEVELS)
    version.body = {"start": 5}
    db.session.commit()
    assert kinds(SwitchCall().arrive()) == ["answer", "gather"]


def test_a_call_goes_on_in_the_version_it_began_with(call):
    call.arrive()
    before = call.row.flow_version
    version = db.session.query(IvrVersion).filter_by(key=before).one()
    version.state, version.retired_at = VersionState.RETIRED, version.published_at
    db.session.commit()
    assert kinds(call.press("1")) == ["gather"]
