"""A switch's process is killed in the middle of calls; the next one tells which legs it found."""

from __future__ import annotations

from datetime import timedelta

from accounts.roles import Role
from config import clock as real_clock
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import CallCommand, CallLeg
from hotline.services import room
from hotline.services.adopting import live_calls
from hotline.services.targets import Target
from hotline.words import AgentState, CallState, EndReason, ListenMode
from tests.factories.hotline import (
    SwitchCall,
    kinds,
    make_agent,
    presence_of,
    without_survey,
    without_welcome,
)
from tests.hotline.services.scenes import ringing, talking

ALWAYS = timedelta(days=1)


def adopted(call, *legs, since=ALWAYS):
    """What the process tells that has just begun."""
    return call.tell("call.adopted", legs=list(legs), since=real_clock.now() - since)


def test_who_was_never_taken_is_taken_now(app, clock):
    make_agent()
    call = SwitchCall()
    call.arrive()
    clock.advance(seconds=3)
    again = adopted(call, call.citizen)
    assert kinds(again) == ["answer", "gather"]
    assert again[1].prompt == call.asked


def test_a_ring_that_never_was_costs_nobody_anything_and_another_begins(app, clock):
    call, (agent,) = ringing()
    lost = call.seat_leg
    call.tell("leg.answered", leg=call.citizen)
    clock.advance(seconds=3)
    again = adopted(call, call.citizen)
    assert (again[0].type.value, again[0].leg) == ("hangup", lost), "should it come to be after all"
    assert kinds(again) == ["hangup", "queue"]
    assert call.seat_leg != lost
    assert presence_of(agent).state is AgentState.RESERVED
    assert call.row.state is CallState.RINGING


def test_a_ring_that_is_still_on_its_way_is_waited_for(app, clock):
    call = SwitchCall()
    call.arrive()
    call.press()
    call.tell("leg.answered", leg=call.citizen)
    agent = make_agent()  # who becomes idle is rung in mid-call
    clock.advance(seconds=1)
    assert kinds(adopted(call, call.citizen)) == ["queue"]
    assert presence_of(agent).state is AgentState.RESERVED
    db.session.query(CallCommand).update({"acked_at": real_clock.now()})
    assert kinds(adopted(call, call.citizen)) == ["hangup", "queue"], "taken, and never rung"


def test_the_time_of_a_ring_that_was_held_up_begins_when_it_is_on_its_way_again(app, clock):
    call = SwitchCall()
    call.arrive()
    call.press()
    agent = make_agent()
    clock.advance(seconds=14)
    adopted(call, call.citizen)
    call.tell("leg.ringing", leg=call.seat_leg)
    clock.advance(seconds=14)
    run_due_timers()
    assert presence_of(agent).state is AgentState.RESERVED
    clock.advance(seconds=2)
    run_due_timers()
    assert presence_of(agent).state is AgentState.NOT_READY


def test_who_could_not_be_rung_while_nobody_was_there_to_do_so_is_rung_at_once_for_who_still_waits(
    app, clock
):
    call, (agent,) = ringing()
    call.tell("leg.answered", leg=call.citizen)
    clock.advance(seconds=16)
    run_due_timers()
    assert (presence_of(agent).state, presence_of(agent).failed_rings) == (AgentState.IDLE, 1)
    clock.advance(seconds=2)
    adopted(call, call.citizen)
    assert (presence_of(agent).state, presence_of(agent).failed_rings) == (AgentState.RESERVED, 0)


def test_an_agent_who_let_it_ring_stays_not_ready(app, clock):
    call, (agent,) = ringing()
    call.tell("leg.answered", leg=call.citizen)
    call.tell("leg.ringing", leg=call.seat_leg)
    clock.advance(seconds=16)
    run_due_timers()
    adopted(call, call.citizen)
    assert presence_of(agent).state is AgentState.NOT_READY


def test_a_leg_rung_after_the_process_looked_is_not_judged(app, clock):
    call, (agent,) = ringing()
    before = call.event("call.adopted", legs=[call.citizen], since=real_clock.now() - ALWAYS)
    before = before.model_copy(update={"at": real_clock.now() - timedelta(seconds=1)})
    services.receive_event(before)
    assert presence_of(agent).state is AgentState.RESERVED
    assert db.session.query(CallLeg).filter(CallLeg.ended_at.is_not(None)).count() == 0


def test_a_talk_is_put_together_again_and_recorded_as_before(app, clock):
    call, _agent = talking(clock)
    assert kinds(adopted(call, call.citizen, call.seat_leg)) == ["answer", "add", "add", "record"]


def test_who_is_on_hold_stays_there(app, clock):
    call, _agent = talking(clock)
    call.tell("leg.answered", leg=call.citizen)
    call.tell("leg.held", leg=call.citizen)
    assert kinds(adopted(call, call.citizen, call.seat_leg)) == ["hold", "add", "record"]


def test_who_is_on_the_way_to_a_colleague_whose_telephone_rings_still_hears_music(app, clock):
    call, agent = talking(clock)
    call.tell("leg.answered", leg=call.citizen)
    agents_leg, colleague = call.seat_leg, make_agent(name="王芳")
    room.transfer(agent, call.row, Target(agent_id=colleague.id))
    call.tell("leg.held", leg=call.citizen)
    call.tell("leg.ended", leg=agents_leg, cause="normal", by="hotline")
    assert kinds(adopted(call, call.citizen, call.seat_leg)) == ["hold"], "or no resume would end it"


def test_who_listened_goes_on_listening(app, clock):
    call, _agent = talking(clock)
    call.tell("leg.answered", leg=call.citizen)
    lead, agents_leg = make_agent(name="组长", roles=(Role.SHIFT_LEAD,)), call.seat_leg
    room.listen(lead, call.row, ListenMode.WHISPER)
    call.tell("leg.answered", leg=call.seat_leg)
    again = adopted(call, call.citizen, agents_leg, call.seat_leg)
    assert kinds(again) == ["add", "add", "listen", "record"]
    assert (again[2].target, again[2].by, again[2].mode) == (agents_leg, call.seat_leg, "whisper")


def test_a_hang_up_that_was_perhaps_not_done_is_ordered_again(app, clock):
    without_survey()
    call, agent = talking(clock)
    services.hang_up(agent, call.row)
    again = adopted(call, call.citizen, call.seat_leg)
    assert {command.leg for command in again if command.type == "hangup"} == {call.citizen, call.seat_leg}


def test_a_citizen_who_hung_up_meanwhile_did_so_and_did_not_fail(app, clock):
    call, agent = talking(clock)
    seat = call.seat_leg
    clock.advance(seconds=20)
    assert ("hangup", seat) in [(c.type.value, c.leg) for c in adopted(call, seat)]
    assert (call.row.end_reason, call.row.talk_seconds) == (EndReason.CALLER_HUNG_UP, 20.0)
    call.tell("leg.ended", leg=seat, cause="normal", by="hotline")
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_an_agent_who_hung_up_meanwhile_did_so(app, clock):
    without_survey()
    call, agent = talking(clock)
    clock.advance(seconds=20)
    assert ("hangup", call.citizen) in [(c.type.value, c.leg) for c in adopted(call, call.citizen)]
    assert presence_of(agent).state is AgentState.WRAP_UP
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    assert call.row.end_reason is EndReason.AGENT_HUNG_UP


def test_calls_that_died_with_the_switch_failed(app, clock):
    call, agent = talking(clock)
    clock.advance(seconds=20)
    adopted(call, since=timedelta(seconds=2))
    assert call.row.end_reason is EndReason.FAILED
    assert presence_of(agent).state is AgentState.WRAP_UP


def test_what_is_told_twice_changes_nothing(app, clock):
    call, _agent = talking(clock)
    event = call.event("call.adopted", legs=[call.citizen, call.seat_leg])
    assert kinds(services.receive_event(event)) == kinds(services.receive_event(event))
    assert call.row.state is CallState.TALKING


def test_the_calls_we_believe_alive_are_those_not_over_or_with_an_agent_on_the_line(app, clock):
    def believed():
        return [call["call"] for call in live_calls("simulator", real_clock.now())]

    without_welcome()
    waits, over = SwitchCall(), SwitchCall("+8613912340043")
    waits.arrive()
    over.arrive()
    over.caller_hangs_up()
    assert believed() == [waits.key]
    make_agent()
    waits.tell("leg.answered", leg=waits.seat_leg)
    waits.caller_hangs_up()
    assert believed() == [waits.key], "the agent's telephone is not down yet"
    waits.tell("leg.ended", leg=waits.seat_leg, cause="normal", by="hotline")
    assert believed() == []


def test_of_each_call_its_legs_are_named_and_whether_something_was_just_ordered(app, clock):
    call, _agent = talking(clock)
    (known,) = live_calls("simulator", real_clock.now())
    assert known == {"call": call.key, "legs": {call.citizen: False, call.seat_leg: True}, "fresh": True}
    clock.advance(seconds=60)
    call.tell("leg.answered", leg=call.citizen)
    clock.advance(seconds=600)
    (known,) = live_calls("simulator", real_clock.now())
    assert known["legs"] == {call.citizen: True, call.seat_leg: True}
    assert not known["fresh"], "heard of long after what was ordered last, so that was done"
