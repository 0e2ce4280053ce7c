"""A switch that queues by itself tells of its calls: the log, the pop at one agent, the missed call."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from accounts.roles import Role
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import Call, CallCommand, CallEvent, MissedCall, QueueEntry
from hotline.services import elsewhere, upkeep
from hotline.telephony.cti.lines import make_line, revoke_line
from hotline.telephony.cti.models import CtiLine
from hotline.words import AgentState, CallState, Direction, EndReason
from reports.kpis import KPIS
from tests.factories.accounts import make_person
from tests.factories.hotline import make_agent, make_seat, presence_of

CITIZEN = "+8613912340042"


class Switch:
    """Posts what a switch would, and remembers who was shown what."""

    def __init__(self, client, token, popped) -> None:
        self.client, self.token, self.popped = client, token, popped

    def tell(self, event, call="7", form=False, status=200, **facts):
        told = {
            "event": event,
            "callId": call,
            "from": CITIZEN,
            "to": "+861088880000",
            "direction": "in",
            **facts,
        }
        told = {name: value for name, value in told.items() if value is not None}
        body = {"data": told} if form else {"json": told}
        answer = self.client.post(f"/telephony/cti/{self.token}", **body)
        assert answer.status_code == status, answer.text
        assert status != 200 or answer.json == {}
        return answer

    def whole_call(self, clock, seat="1001", call="7", **facts):
        self.tell("newCall", call, user=["somebody"], **facts)
        clock.advance(seconds=8)
        self.tell("answer", call, answeringNumber=seat, **facts)
        clock.advance(seconds=60)
        self.tell("hangup", call, cause="normalClearing", answeringNumber=seat, **facts)


@pytest.fixture
def switch(app, client, clock, monkeypatch) -> Switch:
    popped = []
    monkeypatch.setattr(elsewhere, "tell", lambda room, event, facts: popped.append((room, event, facts)))
    return Switch(client, make_line("Water works"), popped)


def the_call() -> Call:
    db.session.expire_all()
    return db.session.query(Call).one()


def rows():
    return [db.session.query(table).count() for table in (Call, CallEvent)]


@pytest.mark.parametrize("form", [False, True])
def test_a_call_stands_in_the_log_with_its_agent_and_its_seconds(switch, clock, form):
    agent = make_agent(seat="1001")
    switch.whole_call(clock, form=form)
    call = the_call()
    assert (call.state, call.end_reason, call.agent_id) == (
        CallState.ENDED,
        EndReason.CALLER_HUNG_UP,
        agent.id,
    )
    assert (call.wait_seconds, call.talk_seconds) == (8, 60)
    assert (call.caller_number, call.direction, call.led_elsewhere) == (CITIZEN, Direction.IN, True)


def test_nothing_is_ordered_queued_or_asked_of_the_agent(switch, clock):
    agent = make_agent(seat="1001")
    switch.whole_call(clock)
    assert db.session.query(CallCommand).count() == 0
    assert db.session.query(QueueEntry).count() == 0
    assert presence_of(agent).state is AgentState.IDLE


def test_it_pops_up_at_the_agent_concerned_and_at_nobody_else(switch, clock):
    agent = make_agent(seat="1001")
    make_agent(seat="1002")
    switch.tell("newCall", user=["Nobody We Know"])
    assert switch.popped == []
    switch.tell("answer", answeringNumber="1001")
    ((room, event, facts),) = switch.popped
    assert (room, event) == (f"person:{agent.id}", "call:elsewhere")
    assert facts == {"call_no": the_call().call_no, "number_masked": "139****0042", "direction": "in"}


@pytest.mark.parametrize(
    ("facts", "pops"),
    [
        ({"user": "1001"}, 1),
        ({"user": ["王芳"]}, 1),
        ({"user[]": ["1001"]}, 1),
        ({"user": ["wang.fang"]}, 1),
        ({"user": ["sip:1001@pbx.example"]}, 1),
        ({"user": ["1001", "1002"]}, 0),
        ({"user": []}, 0),
        ({}, 0),
    ],
)
def test_while_it_rings_it_pops_up_only_where_one_agent_is_meant(switch, clock, facts, pops):
    first = make_person([Role.AGENT], name="王芳", login="wang.fang")
    services.sign_on(first, make_seat("1001").number)
    make_agent(seat="1002")
    switch.tell("newCall", **facts)
    assert [room for room, _event, _facts in switch.popped] == [f"person:{first.id}"] * pops


def test_passed_on_by_the_switch_it_pops_up_at_the_second_agent_too(switch, clock):
    make_agent(seat="1001")
    second = make_agent(seat="1002")
    switch.tell("newCall")
    switch.tell("answer", answeringNumber="1001")
    switch.tell("answer", answeringNumber="1002")
    assert len(switch.popped) == 2
    assert the_call().agent_id == second.id


def test_given_back_it_pops_up_at_the_first_agent_again(switch, clock):
    first = make_agent(seat="1001")
    second = make_agent(seat="1002")
    switch.tell("newCall")
    for seat in ("1001", "1002", "1001", "1002"):
        switch.tell("answer", answeringNumber=seat)
        switch.tell("answer", answeringNumber=seat)  # each is sent twice
        clock.advance(seconds=20)
    assert [room for room, *_ in switch.popped] == [f"person:{one.id}" for one in (first, second) * 2]
    assert the_call().agent_id == second.id
    assert rows() == [1, 5]


def test_what_was_sent_again_late_takes_the_call_back_from_nobody(switch, clock):
    make_agent(seat="1001")
    second = make_agent(seat="1002")
    switch.tell("newCall")
    switch.tell("answer", answeringNumber="1001")
    clock.advance(seconds=4)
    switch.tell("answer", answeringNumber="1002")
    switch.tell("answer", answeringNumber="1001")
    assert the_call().agent_id == second.id
    clock.advance(seconds=60)
    switch.tell("hangup", cause="normalClearing", answeringNumber="1002")
    switch.tell("answer", answeringNumber="1001")
    assert the_call().agent_id == second.id
    assert rows() == [1, 4]


def test_who_answers_may_be_nobody_of_ours(switch, clock):
    switch.whole_call(clock, seat="the porter")
    call = the_call()
    assert (call.agent_id, call.talk_seconds, call.end_reason) == (None, 60, EndReason.CALLER_HUNG_UP)


TOLD = [
    ("newCall", {}),
    ("answer", {"answeringNumber": "1001"}),
    ("hangup", {"cause": "normalClearing", "answeringNumber": "1001"}),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_any_order_and_repeated_it_is_one_answered_call(switch, clock, order):
    agent = make_agent(seat="1001")
    for index in (*order, *order):
        event, facts = TOLD[index]
        switch.tell(event, **facts)
        clock.advance(seconds=1)
    call = the_call()
    assert (call.state, call.end_reason, call.agent_id) == (
        CallState.ENDED,
        EndReason.CALLER_HUNG_UP,
        agent.id,
    )
    assert call.answered_at is not None
    assert call.arrived_at <= call.answered_at <= call.ended_at
    assert rows() == [1, 3]


def test_a_call_of_which_only_the_end_was_told_is_in_the_log_all_the_same(switch, clock):
    switch.tell("hangup", cause="cancel")
    call = the_call()
    assert call.arrived_at is not None
    assert call.end_reason is EndReason.ABANDONED_IN_RING


@pytest.mark.parametrize("number", ["anonymous", "", None, "unknown", "x" * 150, "<script>"])
def test_callers_without_a_number_are_logged_and_owed_nothing(switch, clock, number):
    switch.tell("newCall", **{"from": number})
    clock.advance(seconds=20)
    switch.tell("hangup", cause="cancel", **{"from": number})
    assert the_call().caller_number is None
    clock.advance(minutes=31)
    run_due_timers()
    assert db.session.query(MissedCall).count() == 0


def test_missed_calls_of_one_number_are_one_task_and_settled_together(switch, clock):
    for number in range(5):
        switch.tell("newCall", f"c{number}")
        clock.advance(seconds=20)
        switch.tell("hangup", f"c{number}", cause="noAnswer")
    clock.advance(minutes=31)
    run_due_timers()
    task = db.session.query(MissedCall).one()
    assert (task.times, task.number) == (5, CITIZEN)
    make_agent(seat="1001")
    switch.whole_call(clock, call="later")
    db.session.expire_all()
    assert db.session.query(MissedCall).one().closed_at is not None, "they got through"


def test_who_got_through_meanwhile_or_hung_up_at_once_is_owed_nothing(switch, clock):
    make_agent(seat="1001")
    switch.tell("newCall", "short")
    clock.advance(seconds=2)
    switch.tell("hangup", "short", cause="cancel")
    switch.tell("newCall", "missed")
    clock.advance(seconds=20)
    switch.tell("hangup", "missed", cause="cancel")
    switch.whole_call(clock, call="through")
    clock.advance(minutes=31)
    run_due_timers()
    assert db.session.query(MissedCall).count() == 0


@pytest.mark.parametrize("event", ["answer", "hangup"])
def test_a_voicemail_is_a_voicemail_in_the_log(switch, clock, event):
    switch.tell("newCall")
    clock.advance(seconds=20)
    switch.tell(event, answeringNumber="voicemail")
    clock.advance(seconds=30)
    switch.tell("hangup", cause="normalClearing", answeringNumber="voicemail")
    assert (the_call().end_reason, the_call().answered_at) == (EndReason.VOICEMAIL, None)
    clock.advance(minutes=31)
    run_due_timers()
    assert db.session.query(MissedCall).count() == 0


def test_a_call_to_a_citizen_is_logged_with_their_number(switch, clock):
    agent = make_agent(seat="1001")
    out = {"from": "+861088880000", "to": CITIZEN, "direction": "out"}
    switch.tell("newCall", user=["1001"], **out)
    assert [room for room, *_ in switch.popped] == [f"person:{agent.id}"]
    clock.advance(seconds=9)
    switch.tell("hangup", cause="busy", **out)
    call = the_call()
    assert (call.direction, call.caller_number, call.end_reason) == (Direction.OUT, CITIZEN, EndReason.FAILED)
    assert call.agent_id == agent.id


def test_calls_of_two_switches_may_have_the_same_name(switch, clock, client):
    switch.tell("newCall")
    Switch(client, make_line("Power company"), []).tell("newCall")
    assert rows() == [2, 2]


def test_a_call_whose_end_is_never_told_is_lost_in_the_end(switch, clock):
    switch.tell("newCall")
    clock.advance(hours=2, minutes=1)
    upkeep.reconcile()
    clock.advance(minutes=12)
    upkeep.reconcile()
    assert (the_call().end_reason, db.session.query(CallCommand).count()) == (EndReason.FAILED, 0)


def test_the_figures_of_the_hotline_do_not_count_it(switch, clock):
    switch.tell("newCall")
    clock.advance(seconds=20)
    switch.tell("hangup", cause="cancel")
    statement = KPIS["calls_abandoned"].source.select(
        [KPIS["calls_abandoned"].numerator, KPIS["calls_arrived"].numerator],
        clock.at.replace(hour=0),
        clock.at.replace(hour=23),
        None,
    )
    assert list(db.session.execute(statement).one()) == [0, 0]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"event": "explode"}, "event"),
        ({"event": None}, "event"),
        ({"callId": None}, "callId"),
        ({"callId": "x" * 201}, "callId"),
        ({"direction": "sideways"}, "direction"),
        ({"direction": None}, "direction"),
        ({"user": ["x"] * 51}, "user"),
        ({"from": "x" * 201}, "from"),
        ({"cause": "\x00"}, "cause"),
    ],
)
def test_a_malformed_event_is_told_which_field_and_changes_nothing(switch, facts, field):
    event = facts.pop("event", "newCall")
    answer = switch.tell(event, status=422, **facts)
    assert field in answer.json["errors"]
    assert rows() == [0, 0]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
def test_what_is_no_event_is_malformed(switch, client, body):
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        answer = client.post(f"/telephony/cti/{switch.token}", data=body, content_type=kind)
        assert answer.status_code == 422, kind
    assert rows() == [0, 0]


def test_a_token_of_nobody_and_a_revoked_one_open_nothing(switch, clock):
    assert Counter(row.token_hash == switch.token for row in db.session.query(CtiLine)) == {False: 1}
    revoke_line(None, db.session.query(CtiLine).one().id)
    switch.tell("newCall", status=404)
    switch.token = "0" * 32
    switch.tell("newCall", status=404)
    assert rows() == [0, 0]
