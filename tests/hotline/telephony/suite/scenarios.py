"""What every provider must be able to do, and what must be in the database afterwards, whoever it was.

A module that offers a fixture `stage` imports these tests and runs them against its provider.
"""

from __future__ import annotations

import time

from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import Call
from hotline.services import keeping, room
from hotline.services.queues import default_queue
from hotline.services.targets import Target
from hotline.words import AgentState, CallState, ListenMode, NotReadyReason
from tests.hotline.telephony.suite.stage import OUTSIDE, Stage, Telephone, Watch, within


def talking(stage: Stage) -> tuple[Call, Telephone, Telephone]:
    """A citizen and the agent at 1001, who hear each other."""
    citizen = stage.citizen_calls()
    seat = stage.pick_up("1001")
    call = stage.call(lambda call: call.state is CallState.TALKING)
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    return call, citizen, seat


def test_a_caller_is_welcomed_waits_with_music_and_talks_with_an_agent(stage: Stage):
    whole_wait = Watch()
    citizen = stage.citizen_calls(key="")
    stage.hear({citizen: {"prompt"}})
    stage.call(lambda call: call.state is CallState.QUEUED)
    wait = Watch()
    stage.hear({citizen: {"music"}})
    agent = stage.on_duty("1001")
    waited, whole_talk = wait.seconds(), Watch()
    seat = stage.pick_up("1001")
    call = stage.call(lambda call: call.state is CallState.TALKING)
    waited_at_most, talk = whole_wait.seconds(), Watch()
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    stage.agent_becomes(agent, AgentState.TALKING)
    time.sleep(2)
    talked = talk.seconds()
    citizen.hang_up()
    stage.call(lambda call: call.ended_at is not None)
    talked_at_most = whole_talk.seconds()
    assert stage.account(call) == {
        "state": "ended",
        "ended": "caller_hung_up",
        "direction": "in",
        "agent": "1001",
        "queues": ["answered"],
        "legs": ["citizen answered", "agent 1001 answered"],
    }
    call = stage.call()
    assert within(call.wait_seconds, waited, waited_at_most), (call.wait_seconds, waited, waited_at_most)
    assert within(call.talk_seconds, talked, talked_at_most), (call.talk_seconds, talked, talked_at_most)
    assert call.hold_seconds == 0
    stage.agent_becomes(agent, AgentState.WRAP_UP)
    stage.all_down(citizen, seat)


def test_the_agent_hangs_up(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    services.hang_up(agent, call)
    stage.all_down(citizen, seat)
    account = stage.account(call)
    assert (account["ended"], account["agent"]) == ("agent_hung_up", "1001")


def test_who_puts_the_telephone_down_at_the_seat_lets_the_citizen_go(stage: Stage):
    stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    seat.hang_up()
    stage.all_down(citizen)
    assert stage.account(call)["ended"] == "agent_hung_up"


def test_who_gives_up_in_the_queue_has_abandoned(stage: Stage):
    citizen = stage.citizen_calls()
    call = stage.call(lambda call: call.state is CallState.QUEUED)
    stage.hear({citizen: {"music"}})
    citizen.hang_up()
    stage.call(lambda call: call.ended_at is not None)
    assert stage.account(call) == {
        "state": "ended",
        "ended": "abandoned_in_queue",
        "direction": "in",
        "agent": None,
        "queues": ["abandoned"],
        "legs": ["citizen answered"],
    }


def test_who_gives_up_while_it_rings_leaves_the_agent_idle(stage: Stage):
    agent = stage.on_duty("1001")
    citizen = stage.citizen_calls()
    seat = stage.rings("1001")
    citizen.hang_up()
    stage.all_down(seat)
    call = stage.call(lambda call: call.ended_at is not None)
    assert stage.account(call)["ended"] == "abandoned_in_ring"
    stage.agent_becomes(agent, AgentState.IDLE)


def test_nobody_answers_and_the_next_agent_is_rung(stage: Stage):
    default_queue().ring_timeout = 5
    db.session.commit()
    deaf = stage.on_duty("1001")
    citizen = stage.citizen_calls()
    first = stage.rings("1001")
    stage.on_duty("1002")
    seat = stage.pick_up("1002")
    stage.hear({citizen: {"1002"}, seat: {"citizen"}})
    stage.all_down(first)
    assert stage.state_of(deaf) is AgentState.NOT_READY
    call = stage.call(lambda call: call.state is CallState.TALKING)
    citizen.hang_up()
    stage.call(lambda call: call.ended_at is not None)
    account = stage.account(call)
    assert account["agent"] == "1002"
    assert account["legs"] == ["citizen answered", "agent 1001", "agent 1002 answered"]
    assert account["queues"] == ["answered"]


def test_a_citizen_is_held_and_comes_back(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    whole_hold = Watch()
    services.hold_call(agent, call)
    stage.hear({citizen: {"music"}, seat: set()})
    call = stage.call(lambda call: call.state is CallState.HELD)
    hold = Watch()
    time.sleep(2)
    held = hold.seconds()
    services.resume_call(agent, call)
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    call = stage.call(lambda call: call.state is CallState.TALKING)
    held_at_most = whole_hold.seconds()
    citizen.hang_up()
    call = stage.call(lambda call: call.ended_at is not None)
    assert within(call.hold_seconds, held, held_at_most), (call.hold_seconds, held, held_at_most)
    assert stage.account(call)["ended"] == "caller_hung_up"


def consulting(stage: Stage) -> tuple[Call, Telephone, Telephone, Telephone]:
    """1001 has the citizen on hold and asks 1002."""
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    colleague = stage.on_duty("1002")
    room.consult(agent, call, Target(agent_id=colleague.id))
    second = stage.pick_up("1002")
    stage.hear({citizen: {"music"}, seat: {"1002"}, second: {"1001"}})
    return stage.call(lambda call: call.state is CallState.HELD), citizen, seat, second


def test_a_colleague_is_consulted_then_three_talk_then_the_citizen_is_handed_over(stage: Stage):
    call, citizen, seat, second = consulting(stage)
    agent, colleague = stage.agents["1001"], stage.agents["1002"]
    room.bring_together(agent, call)
    stage.hear({citizen: {"1001", "1002"}, seat: {"citizen", "1002"}, second: {"citizen", "1001"}})
    room.hand_over(agent, stage.call(lambda call: call.state is CallState.TALKING))
    stage.hear({citizen: {"1002"}, second: {"citizen"}})
    stage.call(lambda call: call.agent_id == colleague.id)
    stage.agent_becomes(agent, AgentState.WRAP_UP)
    citizen.hang_up()
    stage.all_down(second)
    assert stage.account(call) == {
        "state": "ended",
        "ended": "caller_hung_up",
        "direction": "in",
        "agent": "1002",
        "queues": ["answered"],
        "legs": ["citizen answered", "agent 1001 answered", "agent 1002 through answered"],
    }
    stage.agent_becomes(colleague, AgentState.WRAP_UP)


def test_after_a_consultation_the_agent_goes_back_to_the_citizen(stage: Stage):
    call, citizen, seat, second = consulting(stage)
    room.send_away(stage.agents["1001"], call)
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    stage.all_down(second)
    stage.agent_becomes(stage.agents["1002"], AgentState.IDLE)


def test_a_call_is_sent_on_to_a_colleague(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    colleague = stage.on_duty("1002")
    room.transfer(agent, call, Target(agent_id=colleague.id))
    stage.hear({citizen: {"music"}})
    stage.all_down(seat)
    second = stage.pick_up("1002")
    stage.hear({citizen: {"1002"}, second: {"citizen"}})
    stage.call(lambda call: call.agent_id == colleague.id)
    second.hang_up()
    stage.all_down(citizen)
    account = stage.account(call)
    assert (account["ended"], account["agent"]) == ("agent_hung_up", "1002")


def test_a_call_is_sent_on_to_a_number_outside(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    room.transfer(agent, call, Target(number=OUTSIDE))
    stage.all_down(seat)
    outside = stage.pick_up(OUTSIDE)
    stage.hear({citizen: {"other"}, outside: {"citizen"}})
    citizen.hang_up()
    stage.all_down(outside)
    account = stage.account(call)
    assert (account["ended"], account["agent"]) == ("caller_hung_up", "1001")
    assert account["legs"][-1] == "outside through answered"


def test_a_call_is_sent_on_to_a_queue_and_the_next_agent_has_it(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    room.transfer(agent, call, Target(queue=call.queue))
    stage.all_down(seat)
    stage.hear({citizen: {"music"}})
    stage.on_duty("1003")
    third = stage.pick_up("1003")
    stage.hear({citizen: {"1003"}, third: {"citizen"}})
    citizen.hang_up()
    stage.all_down(third)
    account = stage.account(call)
    assert (account["agent"], account["queues"]) == ("1003", ["answered", "answered"])


def test_who_is_sent_to_a_queue_from_a_hold_is_on_hold_no_more_with_the_next_agent(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    lead = stage.on_duty("1002", Role.SHIFT_LEAD)
    services.become_not_ready(lead, NotReadyReason.MEETING)
    room.listen(lead, call, ListenMode.MONITOR)
    ear = stage.pick_up("1002")
    stage.hear({ear: {"citizen", "1001"}})
    whole_hold = Watch()
    services.hold_call(agent, stage.call())
    stage.hear({citizen: {"music"}})
    call = stage.call(lambda call: call.state is CallState.HELD)
    room.transfer(agent, call, Target(queue=call.queue))
    stage.all_down(seat)
    call = stage.call(lambda call: call.state is CallState.QUEUED)
    held_at_most = whole_hold.seconds()
    time.sleep(2)
    stage.on_duty("1003")
    third = stage.pick_up("1003")
    stage.hear({citizen: {"1003"}, third: {"citizen"}, ear: {"citizen", "1003"}})
    stage.call(lambda call: call.state is CallState.TALKING)
    citizen.hang_up()
    stage.all_down(third, ear)
    call = stage.call(lambda call: call.ended_at is not None)
    assert within(call.hold_seconds, 0, held_at_most), "the wait in the queue is no hold"


def test_a_shift_lead_listens_whispers_comes_in_and_takes_over(stage: Stage):
    agent = stage.on_duty("1001")
    call, citizen, seat = talking(stage)
    lead = stage.on_duty("1003", Role.SHIFT_LEAD)
    room.listen(lead, call, ListenMode.MONITOR)
    ear = stage.pick_up("1003")
    stage.hear({ear: {"citizen", "1001"}, citizen: {"1001"}, seat: {"citizen"}})
    room.listen(lead, stage.call(), ListenMode.WHISPER)
    stage.hear({ear: {"citizen", "1001"}, citizen: {"1001"}, seat: {"citizen", "1003"}})
    room.listen(lead, stage.call(), ListenMode.BARGE)
    stage.hear({ear: {"citizen", "1001"}, citizen: {"1001", "1003"}, seat: {"citizen", "1003"}})
    room.take_over(lead, stage.call())
    stage.hear({ear: {"citizen"}, citizen: {"1003"}})
    stage.all_down(seat)
    stage.call(lambda call: call.agent_id == lead.id)
    stage.agent_becomes(agent, AgentState.WRAP_UP)
    citizen.hang_up()
    stage.all_down(ear)
    assert stage.account(call)["agent"] == "1003"


def test_a_talk_is_recorded_but_for_what_is_none_of_the_recordings_business(stage: Stage):
    agent = stage.on_duty("1001")
    whole = Watch()
    call, citizen, _seat = talking(stage)
    room.pause_recording(agent, call)
    time.sleep(4)
    room.pause_recording(agent, stage.call())
    time.sleep(1)
    citizen.hang_up()
    stage.call(lambda call: call.ended_at is not None)
    lasted = whole.seconds()
    recording = stage.recording(call)
    assert recording.seconds is not None
    assert recording.seconds < lasted - 2, "the pause is not in it"
    keeping.fetch_recordings()
    kept = stage.recording(call)
    assert kept.is_here, kept.failure


def test_an_agent_calls_a_citizen(stage: Stage):
    agent = stage.on_duty("1001")
    services.place_call(agent, stage.citizen_number)
    seat = stage.pick_up("1001")
    citizen = stage.pick_up(stage.citizen_number)
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    call = stage.call(lambda call: call.state is CallState.TALKING)
    seat.hang_up()
    stage.all_down(citizen)
    assert stage.account(call) == {
        "state": "ended",
        "ended": "agent_hung_up",
        "direction": "out",
        "agent": "1001",
        "queues": [],
        "legs": ["agent 1001 answered", "citizen answered"],
    }


def test_a_caller_who_withholds_the_number_is_a_caller_like_any_other(stage: Stage):
    stage.on_duty("1001")
    citizen = stage.citizen_calls("anonymous")
    stage.pick_up("1001")
    call = stage.call(lambda call: call.state is CallState.TALKING)
    assert (call.caller_number, call.caller_index) == (None, None)
    citizen.hang_up()
    assert stage.account(call)["ended"] == "caller_hung_up"


__all__ = [name for name in dir() if name.startswith("test_")]
