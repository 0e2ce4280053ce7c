"""A call's way through the services, event by event."""

from __future__ import annotations

import itertools

import pytest

from accounts.roles import Role
from config.crypto import blind_index
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import AgentStateChange, CallCommand, CallEvent, NumberRule, QueueEntry, Recording
from hotline.services.queues import save_queue
from hotline.services.upkeep import reconcile, release_stuck
from hotline.words import (
    AgentState,
    CallState,
    Direction,
    EndReason,
    NotReadyReason,
    NumberRuleKind,
    QueueExit,
)
from tests.factories.accounts import make_person
from tests.factories.hotline import (
    SwitchCall,
    kinds,
    make_agent,
    make_queue,
    presence_of,
    without_survey,
    without_welcome,
)
from tests.hotline.services.scenes import ringing, talking


def test_a_caller_is_welcomed_then_queued_then_put_through(app, clock):
    agent = make_agent()
    call = SwitchCall()
    assert kinds(call.arrive()) == ["answer", "gather"]
    clock.advance(seconds=6)
    queue, ring = call.press("1")
    assert (queue.type.value, ring.type.value, ring.seat) == ("queue", "ring", presence_of(agent).seat.number)
    assert presence_of(agent).state is AgentState.RESERVED
    clock.advance(seconds=3)
    assert kinds(call.tell("leg.answered", leg=ring.leg)) == ["connect", "record"]
    assert call.row.state is CallState.TALKING
    assert presence_of(agent).state is AgentState.TALKING


def test_the_seconds_of_a_call_add_up(app, clock):
    agent = make_agent()
    call = SwitchCall()
    call.arrive()
    clock.advance(seconds=6)
    call.press()
    clock.advance(seconds=3)
    call.tell("leg.answered", leg=call.seat_leg)
    clock.advance(seconds=40)
    call.tell("leg.held", leg=call.citizen)
    clock.advance(seconds=15)
    call.tell("leg.resumed", leg=call.citizen)
    clock.advance(seconds=5)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    clock.advance(seconds=20)
    services.finish_wrap_up(agent)
    row = call.row
    assert (row.wait_seconds, row.ring_seconds, row.talk_seconds) == (3, 3, 45)
    assert (row.hold_seconds, row.wrap_seconds) == (15, 20)
    assert (row.state, row.end_reason) == (CallState.ENDED, EndReason.CALLER_HUNG_UP)


def test_when_the_agent_puts_the_telephone_down_the_citizen_is_let_go(app, clock):
    without_survey()
    call, agent = talking(clock)
    clock.advance(seconds=30)
    (command,) = call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")
    assert (command.type.value, command.leg) == ("hangup", call.citizen)
    assert presence_of(agent).state is AgentState.WRAP_UP
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.AGENT_HUNG_UP


def test_the_hang_up_button_ends_both_legs(app, clock):
    without_survey()
    call, agent = talking(clock)
    clock.advance(seconds=30)
    services.hang_up(agent, call.row)
    ordered = db.session.query(CallCommand).filter_by(type="hangup", event_id=None)
    assert {row.args["leg"] for row in ordered} == {call.citizen, call.seat_leg}
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.AGENT_HUNG_UP


def test_who_gives_up_while_waiting_has_abandoned_in_the_queue(app, clock):
    call = SwitchCall()
    call.arrive()
    call.press()
    clock.advance(seconds=4)
    call.caller_hangs_up()
    row = call.row
    assert (row.end_reason, row.wait_seconds) == (EndReason.ABANDONED_IN_QUEUE, 4)
    assert db.session.query(QueueEntry).one().exit is QueueExit.ABANDONED


def test_who_gives_up_while_it_rings_frees_the_agent_who_keeps_their_turn(app, clock):
    first = make_agent()
    clock.advance(seconds=1)
    make_agent()
    call = SwitchCall()
    call.arrive()
    call.press()
    since = presence_of(first).idle_since
    clock.advance(seconds=9)
    (command,) = call.caller_hangs_up()
    assert (command.type.value, command.leg) == ("hangup", call.seat_leg)
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.ABANDONED_IN_RING
    assert (presence_of(first).state, presence_of(first).idle_since) == (AgentState.IDLE, since)


def test_who_hangs_up_in_the_welcome_asked_for_nobody(app, clock):
    call = SwitchCall()
    call.arrive()
    clock.advance(seconds=2)
    call.caller_hangs_up()
    assert (call.row.end_reason, call.row.wait_seconds) == (EndReason.ENDED_IN_IVR, None)


def test_a_ring_that_nobody_answers_goes_to_the_next_and_the_agent_is_not_ready(app, clock):
    call, (first, second) = ringing(2)
    seat_leg = call.seat_leg
    call.tell("leg.ringing", leg=seat_leg)
    clock.advance(seconds=15)
    assert run_due_timers() >= 1
    assert (presence_of(first).state, presence_of(first).reason) == (
        AgentState.NOT_READY,
        NotReadyReason.NO_ANSWER,
    )
    assert presence_of(second).state is AgentState.RESERVED
    assert call.seat_leg != seat_leg
    call.tell("leg.ended", leg=seat_leg, cause="normal", by="hotline")
    call.tell("leg.answered", leg=call.seat_leg)
    assert (call.row.agent_id, call.row.state) == (second.id, CallState.TALKING)


def test_with_nobody_else_the_caller_waits_at_the_head_of_the_queue(app, clock):
    call, (agent,) = ringing()
    call.tell("leg.ringing", leg=call.seat_leg)
    clock.advance(seconds=2)
    other = SwitchCall("+8613900001111")
    other.arrive()
    other.press()
    clock.advance(seconds=13)
    run_due_timers()
    assert (call.row.state, other.row.state) == (CallState.QUEUED, CallState.QUEUED)
    services.become_idle(agent)
    assert (call.row.state, other.row.state) == (CallState.RINGING, CallState.QUEUED)


def test_a_telephone_picked_up_after_we_gave_up_is_put_down_again(app, clock):
    call, (first,) = ringing()
    seat_leg = call.seat_leg
    call.tell("leg.ringing", leg=seat_leg)
    clock.advance(seconds=15)
    run_due_timers()
    call.tell("leg.answered", leg=seat_leg)
    assert call.row.answered_at is None
    assert presence_of(first).state is AgentState.NOT_READY


def test_an_agent_who_becomes_idle_gets_who_waits_longest(app, clock):
    calls = [SwitchCall(f"+861390000000{n}") for n in range(3)]
    for call in calls:
        call.arrive()
        call.press()
        clock.advance(seconds=1)
    make_agent()
    assert [call.row.state for call in calls] == [CallState.RINGING, CallState.QUEUED, CallState.QUEUED]


def test_a_caller_with_priority_goes_before_those_who_wait_longer(app, clock):
    number = "+8613900000002"
    db.session.add(
        NumberRule(
            number=number,
            number_index=blind_index(number),
            kind=NumberRuleKind.PRIORITY,
            priority=10,
            from_at=clock.at,
        )
    )
    db.session.commit()
    early, old = SwitchCall("+8613900000001"), SwitchCall(number)
    for call in (early, old):
        call.arrive()
        call.press()
        clock.advance(seconds=1)
    make_agent()
    assert (early.row.state, old.row.state) == (CallState.QUEUED, CallState.RINGING)


def test_a_blocked_number_is_hung_up_and_disturbs_nobody(app, clock):
    agent = make_agent()
    number = "+8613900000009"
    rule = NumberRule(
        number=number, number_index=blind_index(number), kind=NumberRuleKind.BLOCKED, from_at=clock.at
    )
    db.session.add(rule)
    db.session.commit()
    call = SwitchCall(number)
    (command,) = call.arrive()
    assert (command.type.value, command.reason) == ("hangup", "blocked")
    call.tell("leg.ended", leg=call.citizen, cause="blocked", by="hotline")
    assert call.row.end_reason is EndReason.BLOCKED
    assert presence_of(agent).state is AgentState.IDLE


def test_the_agent_of_the_last_day_is_asked_before_the_longest_idle(app, clock):
    call, agent = talking(clock)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    idle_for_longer = make_agent()
    clock.advance(minutes=5)
    services.become_idle(agent)
    again = SwitchCall(call.number)
    again.arrive()
    again.press()
    assert presence_of(agent).state is AgentState.RESERVED
    assert presence_of(idle_for_longer).state is AgentState.IDLE


def test_the_seat_a_caller_asks_for_is_rung_first_without_a_welcome(app, clock):
    make_agent()
    wanted = make_agent(seat="1001")
    ring = SwitchCall().arrive(prefer_seat="1001")[-1]
    assert (ring.type.value, ring.seat) == ("ring", "1001")
    assert presence_of(wanted).state is AgentState.RESERVED


def test_a_key_leads_to_its_queue_and_every_other_key_to_the_default(app, clock):
    make_agent()
    SwitchCall().arrive()
    enterprise = make_queue("enterprise", "企业服务")
    chosen, silent = SwitchCall("+8613900000001"), SwitchCall("+8613900000002")
    for call, key in ((chosen, "2"), (silent, "")):
        call.arrive()
        call.press(key)
    assert chosen.row.queue_id == enterprise.id
    assert silent.row.queue.is_default
    assert chosen.row.state is CallState.QUEUED  # nobody has the skill
    assert silent.row.state is CallState.RINGING


def test_straight_to_a_person_rings_in_the_answer_to_the_arrival(app, clock):
    make_agent()
    without_welcome()
    assert kinds(SwitchCall().arrive()) == ["answer", "queue", "ring"]
    assert db.session.query(CallCommand).filter_by(type="ring").count() == 1


def test_a_welcome_that_is_never_answered_leads_to_a_person(app, clock):
    call = SwitchCall()
    call.arrive()
    clock.advance(seconds=100)
    run_due_timers()
    assert call.row.state is CallState.QUEUED


def test_wrap_up_ends_by_itself(app, clock):
    call, agent = talking(clock)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert presence_of(agent).state is AgentState.WRAP_UP
    clock.advance(seconds=31)
    run_due_timers()
    assert presence_of(agent).state is AgentState.IDLE
    assert call.row.wrap_seconds == 31


def test_an_extended_wrap_up_outlives_its_first_timer(app, clock):
    call, agent = talking(clock)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    services.extend_wrap_up(agent)
    clock.advance(seconds=31)
    run_due_timers()
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_a_break_asked_for_in_mid_call_begins_after_the_wrap_up(app, clock):
    call, agent = talking(clock)
    services.become_not_ready(agent, NotReadyReason.MEAL)
    assert presence_of(agent).state is AgentState.TALKING
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    services.finish_wrap_up(agent)
    assert (presence_of(agent).state, presence_of(agent).reason) == (
        AgentState.NOT_READY,
        NotReadyReason.MEAL,
    )


def test_hold_and_resume_go_by_command_and_come_back_as_events(app, clock):
    call, agent = talking(clock)
    services.hold_call(agent, call.row)
    assert call.row.state is CallState.TALKING  # until the switch says so
    call.tell("leg.held", leg=call.citizen)
    assert call.row.state is CallState.HELD
    services.resume_call(agent, call.row)
    clock.advance(seconds=1)
    call.tell("leg.resumed", leg=call.citizen)
    assert call.row.state is CallState.TALKING
    ordered = [c.type for c in db.session.query(CallCommand).filter(CallCommand.event_id.is_(None))]
    assert ordered == ["hold", "resume"]


def test_an_outgoing_call_rings_the_agent_then_the_citizen(app, clock):
    agent = make_agent()
    row = services.place_call(agent, "139 1234 0042")
    assert row.direction is Direction.OUT
    call = SwitchCall()
    call.key, seat_leg = row.provider_call, f"{row.call_no}.1"
    clock.advance(seconds=2)
    (dial,) = call.tell("leg.answered", leg=seat_leg)
    assert (dial.type.value, dial.number) == ("ring", "+8613912340042")
    clock.advance(seconds=8)
    assert kinds(call.tell("leg.answered", leg=dial.leg)) == ["connect", "record"]
    clock.advance(seconds=30)
    call.tell("leg.ended", leg=dial.leg, cause="normal", by="caller")
    call.tell("leg.ended", leg=seat_leg, cause="normal", by="hotline")
    assert (call.row.end_reason, call.row.talk_seconds) == (EndReason.CALLER_HUNG_UP, 30)
    assert call.row.agent_id == agent.id
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_a_citizen_who_does_not_pick_up_leaves_the_agent_free(app, clock):
    agent = make_agent()
    row = services.place_call(agent, "13912340042")
    call = SwitchCall()
    call.key = row.provider_call
    (dial,) = call.tell("leg.answered", leg=f"{row.call_no}.1")
    clock.advance(seconds=45)
    (hangup,) = call.tell("leg.ended", leg=dial.leg, cause="no_answer", by="switch")
    call.tell("leg.ended", leg=hangup.leg, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.FAILED
    assert presence_of(agent).state is AgentState.IDLE


def test_a_call_lost_with_its_switch_is_accounted_and_frees_the_agent(app, clock):
    call, agent = talking(clock)
    clock.advance(seconds=30)
    for leg in (call.citizen, call.seat_leg):
        call.tell("leg.ended", leg=leg, cause="lost", by="switch")
    assert (call.row.end_reason, call.row.talk_seconds) == (EndReason.FAILED, 30)
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_a_silent_call_is_asked_to_end_and_then_taken_for_lost(app, clock):
    call, agent = talking(clock)
    clock.advance(hours=2, minutes=1)
    assert reconcile() == 1
    assert call.row.hung_up_at is not None
    assert call.row.ended_at is None
    clock.advance(minutes=10)
    assert reconcile() == 1
    assert call.row.end_reason is EndReason.FAILED
    assert presence_of(agent).state is AgentState.WRAP_UP
    assert reconcile() == 0


@pytest.mark.parametrize("who_leaves", ["citizen", "agent"])
def test_an_agent_is_not_stuck_with_a_telephone_nobody_confirms_is_down(app, clock, who_leaves):
    without_survey()
    call, agent = talking(clock)
    clock.advance(seconds=60)
    if who_leaves == "citizen":
        call.caller_hangs_up()
    else:
        call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")
    clock.advance(minutes=1)
    assert release_stuck() == 0
    clock.advance(minutes=1, seconds=1)
    assert release_stuck() == 1
    expected = EndReason.CALLER_HUNG_UP if who_leaves == "citizen" else EndReason.AGENT_HUNG_UP
    assert (call.row.end_reason, call.row.talk_seconds) == (expected, 60)
    assert presence_of(agent).state is AgentState.WRAP_UP
    assert release_stuck() == 0


def test_recordings_are_kept_whichever_news_comes_first(app, clock):
    call, _agent = talking(clock)
    call.tell("recording.ready", url="file:///r/1.wav", seconds=12.5, sha256="ab" * 32)
    call.tell("recording.started")
    (one,) = db.session.query(Recording).all()
    assert (one.seconds, one.url, one.started_at) == (12.5, "file:///r/1.wav", clock.at)


def test_a_seat_whose_telephone_is_gone_is_not_rung(app, clock):
    agent = make_agent(seat="1001")
    call = SwitchCall()
    call.send(call.event("seat.offline", call=None, seat="1001"))
    call.arrive()
    call.press()
    assert call.row.state is CallState.QUEUED
    call.send(call.event("seat.online", call=None, seat="1001"))
    assert call.row.state is CallState.RINGING
    assert presence_of(agent).state is AgentState.RESERVED


def test_every_change_of_an_agent_is_a_row_and_only_the_last_is_open(app, clock):
    call, agent = talking(clock)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    services.finish_wrap_up(agent)
    rows = db.session.query(AgentStateChange).filter_by(agent_id=agent.id).order_by(AgentStateChange.id).all()
    assert [row.state.value for row in rows] == ["idle", "reserved", "talking", "wrap_up", "idle"]
    assert [row.until_at is None for row in rows] == [False, False, False, False, True]
    assert all(a.until_at == b.from_at for a, b in itertools.pairwise(rows))


def test_the_wrap_up_of_a_queue_is_its_own(app, clock):
    call, (agent,) = ringing()
    queue = call.row.queue
    save_queue(
        make_person([Role.SYSTEM_ADMIN]), queue.code, wrap_up_seconds=90, name="综合", skill_id=queue.skill_id
    )
    call.tell("leg.answered", leg=call.seat_leg)
    clock.advance(seconds=1)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert (presence_of(agent).wrap_until - clock.at).total_seconds() == 90


def test_a_citizen_whose_line_breaks_off_has_not_hung_up(app, clock):
    """The trunk drops: the switch hears no voice any more, and says so."""
    call, agent = talking(clock)
    clock.advance(seconds=90)
    call.tell("leg.ended", leg=call.citizen, cause="gone", by="switch")
    assert (call.row.end_reason, call.row.talk_seconds) == (EndReason.FAILED, 90.0)
    assert call.row.survey_at is None
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_who_waits_when_the_trunk_drops_did_not_give_up(app, clock):
    call = SwitchCall()
    call.arrive()
    call.press()
    clock.advance(seconds=70)
    call.tell("leg.ended", leg=call.citizen, cause="gone", by="switch")
    assert call.row.end_reason is EndReason.FAILED
    assert db.session.query(QueueEntry).one().exit is QueueExit.FAILED


def test_a_switch_to_which_the_call_is_over_costs_no_agent_their_place(app, clock):
    """It refuses to ring, and news of the caller's end are on the way: nobody let it ring, and nobody else is rung."""
    call, agents = ringing(agent_count=2)
    call.tell("leg.ended", leg=call.seat_leg, cause="call_over", by="switch")
    assert [presence_of(agent).state for agent in agents] == [AgentState.IDLE, AgentState.IDLE]
    assert call.row.state is CallState.QUEUED
    call.caller_hangs_up()
    assert call.row.state is CallState.ENDED


def test_a_withheld_number_is_not_masked_as_if_it_were_one(app, clock):
    call = SwitchCall("anonymous")
    call.arrive()
    told = db.session.query(CallEvent).filter_by(type="call.incoming").one()
    assert told.body["from"] == "anonymous"
