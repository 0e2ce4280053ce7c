"""More than two in a call: asked, handed over, sent on, listened to."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, Invalid, NotPermitted, Refused
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import CallCommand, QueueEntry
from hotline.services import room
from hotline.services.queues import default_queue
from hotline.services.targets import Target, find_targets, read_target
from hotline.words import AgentState, CallState, EndReason, LegRole, ListenMode, NotReadyReason, QueueExit
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_queue, without_welcome
from tests.hotline.services.scenes import Talk, ask, state_of


def test_a_colleague_is_asked_while_the_citizen_hears_music(talk):
    colleague = make_agent(name="王芳")
    room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))
    assert talk.told() == ["ring guest", "hold citizen"]
    assert state_of(colleague) is AgentState.RESERVED
    talk.happens("leg.held", talk.call.citizen)
    talk.happens("leg.answered", talk.newest_leg().key)
    assert talk.told() == ["add guest"]
    assert state_of(colleague) is AgentState.TALKING
    assert talk.row.state is CallState.HELD


def test_all_three_talk_and_then_the_agent_hands_over(talk):
    colleague = make_agent(name="王芳")
    leg = ask(talk, colleague)
    room.bring_together(talk.agent, talk.row)
    assert talk.told() == ["resume citizen"]
    talk.happens("leg.resumed", talk.call.citizen)
    room.hand_over(talk.agent, talk.row)
    assert talk.told() == ["hangup agent"]
    talk.ends(talk.agents_leg)
    assert talk.told() == []
    assert talk.row.state is CallState.TALKING
    assert talk.row.agent_id == colleague.id
    assert state_of(talk.agent) is AgentState.WRAP_UP
    talk.ends(talk.call.citizen, by="caller")
    talk.ends(leg)
    assert talk.row.end_reason is EndReason.CALLER_HUNG_UP
    assert state_of(colleague) is AgentState.WRAP_UP


def test_handed_over_from_the_consultation_the_citizen_hears_no_more_music(talk):
    colleague = make_agent()
    ask(talk, colleague)
    room.hand_over(talk.agent, talk.row)
    talk.told()
    talk.ends(talk.agents_leg)
    assert talk.told() == ["resume citizen"]


def test_who_was_only_asked_has_nothing_to_wrap_up(talk):
    colleague = make_agent()
    leg = ask(talk, colleague)
    room.send_away(talk.agent, talk.row)
    assert talk.told() == ["hangup guest", "resume citizen"]
    talk.ends(leg)
    assert state_of(colleague) is AgentState.IDLE
    assert state_of(talk.agent) is AgentState.TALKING


def test_a_break_goes_on_after_the_consultation(talk):
    colleague = make_agent()
    services.become_not_ready(colleague, NotReadyReason.MEETING)
    leg = ask(talk, colleague)
    talk.ends(leg, by="agent")
    assert state_of(colleague) is AgentState.NOT_READY


def test_a_guest_who_hangs_up_leaves_the_others_alone(talk):
    leg = ask(talk, make_agent())
    talk.ends(leg, by="agent")
    assert talk.row.ended_at is None
    assert talk.told() == []


def test_a_colleague_who_is_busy_is_named_and_nothing_happens(talk):
    other = Talk(talk.clock)
    with pytest.raises(Conflict, match="张敏"):
        room.consult(talk.agent, talk.row, Target(agent_id=other.agent.id))
    assert talk.row.state is CallState.TALKING


def test_one_guest_at_a_time(talk):
    ask(talk, make_agent())
    with pytest.raises(Conflict):
        room.consult(talk.agent, talk.row, Target(agent_id=make_agent().id))


@pytest.mark.parametrize("target", [{"kind": "agent", "value": "²"}, {"kind": "none", "value": "1"}, {}])
def test_a_target_that_is_none_is_refused_by_name(app, target):
    with pytest.raises(Invalid):
        read_target(target)


def test_sent_on_without_asking_the_agent_is_free_at_once(talk):
    colleague = make_agent()
    room.transfer(talk.agent, talk.row, Target(agent_id=colleague.id))
    assert talk.told() == ["ring guest", "hold citizen", "hangup agent"]
    talk.happens("leg.held", talk.call.citizen)
    talk.ends(talk.agents_leg)
    assert state_of(talk.agent) is AgentState.WRAP_UP
    assert talk.row.ended_at is None
    talk.happens("leg.answered", talk.newest_leg().key)
    assert "resume citizen" in talk.told()
    assert talk.row.agent_id == colleague.id


def test_a_transfer_nobody_takes_puts_the_citizen_at_the_head_of_the_queue(talk):
    colleague = make_agent()
    room.transfer(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.ends(talk.agents_leg)
    talk.happens("leg.ringing", talk.newest_leg().key)
    third = make_agent()
    talk.told()
    talk.clock.advance(seconds=30)
    run_due_timers()
    told = talk.told()
    assert "queue citizen" in told
    assert "ring guest" in told
    assert state_of(colleague) is AgentState.NOT_READY
    talk.happens("leg.answered", talk.newest_leg().key)
    assert talk.row.agent_id == third.id
    first, again = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
    assert (first.exit, again.exit) == (QueueExit.ANSWERED, QueueExit.ANSWERED)
    assert again.returned


def test_sent_to_another_queue_the_citizen_waits_there_and_may_give_up(talk):
    other = make_queue("law", "法律")
    room.transfer(talk.agent, talk.row, Target(queue=other))
    talk.ends(talk.agents_leg)
    assert talk.row.state is CallState.QUEUED
    talk.ends(talk.call.citizen, by="caller")
    assert talk.row.end_reason is EndReason.CALLER_HUNG_UP
    entries = db.session.query(QueueEntry).order_by(QueueEntry.id).all()
    assert [entry.exit for entry in entries] == [QueueExit.ANSWERED, QueueExit.ABANDONED]
    assert entries[1].queue_id == other.id


def test_somebody_outside_is_rung_and_keeps_the_citizen_until_one_hangs_up(talk):
    room.transfer(talk.agent, talk.row, read_target({"kind": "number", "value": "110"}))
    talk.happens("leg.held", talk.call.citizen)
    outside = talk.newest_leg()
    assert (outside.role, outside.number) == (LegRole.OUTSIDE, "110")
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", outside.key)
    assert talk.told()[-1] == "resume citizen"
    talk.ends(outside.key, by="agent")
    assert talk.told() == ["hangup citizen"]


def test_a_lead_listens_whispers_comes_in_and_takes_over(talk, lead):
    room.listen(lead, talk.row, ListenMode.MONITOR)
    assert talk.told() == ["ring guest", "answer guest"]
    mine = talk.newest_leg().key
    talk.happens("leg.answered", mine)
    assert talk.told() == ["listen monitor"]
    for mode in (ListenMode.WHISPER, ListenMode.BARGE):
        room.listen(lead, talk.row, mode)
        assert talk.told() == [f"listen {mode.value}"]
    room.take_over(lead, talk.row)
    assert talk.told() == ["hangup agent"]
    talk.ends(talk.agents_leg)
    assert talk.row.agent_id == lead.id
    assert talk.row.state is CallState.TALKING
    verbs = [row.verb for row in db.session.query(AuditEntry).filter(AuditEntry.verb.startswith("call:"))]
    assert verbs == ["call:monitor", "call:whisper", "call:barge", "call:take_over"]


def test_a_listener_never_inherits_the_citizen(talk, lead):
    room.listen(lead, talk.row, ListenMode.MONITOR)
    talk.happens("leg.answered", talk.newest_leg().key)
    talk.told()
    talk.ends(talk.agents_leg, by="agent")
    assert talk.told() == ["hangup citizen"]
    talk.ends(talk.call.citizen)
    assert "hangup guest" in talk.told()


def test_a_listener_hears_the_next_agent_when_the_citizen_was_sent_to_a_queue(talk, lead):
    room.listen(lead, talk.row, ListenMode.WHISPER)
    mine = talk.newest_leg().key
    talk.happens("leg.answered", mine)
    next_agent = make_agent()
    room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    talk.ends(talk.agents_leg)
    theirs = talk.call.seat_leg
    assert talk.newest_leg().agent_id == next_agent.id
    talk.told()
    talk.happens("leg.answered", theirs)
    assert talk.told() == ["connect", "record", "listen whisper"]
    listen = db.session.query(CallCommand).order_by(CallCommand.id.desc()).first()
    assert (listen.args["target"], listen.args["by"]) == (theirs, mine)


def test_a_listener_hears_on_when_the_agent_hands_over_to_a_colleague(talk, lead):
    colleague = make_agent()
    room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.happens("leg.held", talk.call.citizen)
    guest = talk.newest_leg().key
    talk.happens("leg.answered", guest)
    room.listen(lead, talk.row, ListenMode.MONITOR)
    talk.happens("leg.answered", talk.newest_leg().key)
    room.hand_over(talk.agent, talk.row)
    talk.told()
    talk.ends(talk.agents_leg)
    assert talk.told() == ["resume citizen", "listen monitor"]
    listen = db.session.query(CallCommand).order_by(CallCommand.id.desc()).first()
    assert listen.args["target"] == guest


def test_a_lead_who_listened_goes_back_to_what_they_did(talk, lead):
    services.become_not_ready(lead, NotReadyReason.COACHING)
    room.listen(lead, talk.row, ListenMode.MONITOR)
    mine = talk.newest_leg().key
    talk.happens("leg.answered", mine)
    services.hang_up(lead, talk.row)
    assert talk.told()[-1] == "hangup guest"
    talk.ends(mine)
    assert state_of(lead) is AgentState.NOT_READY
    assert talk.row.ended_at is None


def test_only_a_lead_listens(talk):
    with pytest.raises(NotPermitted):
        room.listen(make_agent(), talk.row, ListenMode.MONITOR)


def test_to_take_over_one_must_be_in_the_talk(talk, lead):
    room.listen(lead, talk.row, ListenMode.MONITOR)
    talk.happens("leg.answered", talk.newest_leg().key)
    with pytest.raises(Refused):
        room.take_over(lead, talk.row)


def test_help_is_asked_for_and_taken_back(talk):
    room.ask_for_help(talk.agent, talk.row)
    assert talk.row.help_asked_at is not None
    room.ask_for_help(talk.agent, talk.row)
    assert talk.row.help_asked_at is None


def test_the_recording_pauses_and_goes_on(talk):
    room.pause_recording(talk.agent, talk.row)
    room.pause_recording(talk.agent, talk.row)
    rows = db.session.query(CallCommand).filter_by(type="record").order_by(CallCommand.id).all()
    assert [row.args["action"] for row in rows] == ["start", "pause", "start"]


def test_a_stranger_to_the_call_can_do_nothing_in_it(talk):
    stranger = make_agent()
    for deed in (
        room.bring_together,
        room.hand_over,
        room.send_away,
        room.ask_for_help,
        room.pause_recording,
    ):
        with pytest.raises(Refused):
            deed(stranger, talk.row)


def test_targets_are_found_by_name_seat_queue_and_number(talk):
    make_agent(name="王芳")
    make_person([Role.AGENT], name="王不在")
    default_queue()
    labels = [one["label"] for one in find_targets(talk.agent, "王")]
    assert labels == ["王芳"]
    assert [one["value"] for one in find_targets(talk.agent, "110")][:2] == ["110", "110"]
    assert {"agent", "queue", "number"} <= {one["kind"] for one in find_targets(talk.agent, "")}


def test_without_a_welcome_a_transfer_goes_the_same_way(app, clock):
    without_welcome()
    agent, colleague = make_agent(), make_agent()
    call = SwitchCall()
    call.arrive()
    talking = call.seat_leg
    call.tell("leg.answered", leg=talking)
    answering = next(p for p in (agent, colleague) if state_of(p) is AgentState.TALKING)
    other = colleague if answering is agent else agent
    room.transfer(answering, call.row, Target(agent_id=other.id))
    call.tell("leg.ended", leg=talking, cause="normal", by="hotline")
    call.tell("leg.answered", leg=call.seat_leg)
    assert call.row.agent_id == other.id


@pytest.mark.parametrize("deed", [room.consult, room.transfer])
@pytest.mark.parametrize("dialled", ["12345", "+861012345678"])
def test_nobody_is_sent_round_to_the_hotline_itself(talk, deed, dialled):
    SwitchCall("+8613900000008").arrive(to=dialled)
    with pytest.raises(Refused):
        deed(talk.agent, talk.row, read_target({"kind": "number", "value": dialled}))
    assert "ring guest" not in talk.told()
    assert talk.row.state is CallState.TALKING


def test_nobody_dials_the_hotline_itself(app, clock):
    SwitchCall("+8613900000008").arrive(to="12345")
    agent = make_agent()
    with pytest.raises(Refused):
        services.place_call(agent, "12345")
    assert state_of(agent) is AgentState.IDLE
