"""Two people press at the same time, somebody forgets, a telephone is put down in the wrong moment."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.errors import Conflict, NotPermitted, Refused
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.services import room
from hotline.services.coming_back import come_back
from hotline.services.emergency import call_emergency
from hotline.services.queues import default_queue, save_queue
from hotline.services.targets import Target
from hotline.words import AgentState, CallState, ListenMode, NotReadyReason
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, make_agent, make_queue, make_seat, presence_of, without_survey
from tests.hotline.services.scenes import Talk, ask, recorder_told, state_of


def test_who_has_just_sent_the_citizen_on_does_not_hang_them_up(talk):
    colleague = make_agent()
    room.transfer(talk.agent, talk.row, Target(agent_id=colleague.id))
    services.hang_up(talk.agent, talk.row)
    assert talk.row.hung_up_at is None
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", talk.newest_leg().key)
    assert talk.row.agent_id == colleague.id
    assert talk.row.ended_at is None


def test_who_was_taken_over_in_this_moment_does_not_hang_the_citizen_up(talk, lead):
    room.listen(lead, talk.row, ListenMode.BARGE)
    talk.happens("leg.answered", talk.newest_leg().key)
    room.take_over(lead, talk.row)
    services.hang_up(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.ended_at is None
    assert talk.row.agent_id == lead.id


def test_who_has_hung_up_sends_nobody_on_and_asks_nobody(talk):
    colleague = make_agent()
    services.hang_up(talk.agent, talk.row)
    for deed in (room.transfer, room.consult):
        with pytest.raises(Refused):
            deed(talk.agent, talk.row, Target(agent_id=colleague.id))
    assert state_of(colleague) is AgentState.IDLE


def test_who_was_taken_over_takes_nobody_back(talk, lead):
    room.listen(lead, talk.row, ListenMode.BARGE)
    talk.happens("leg.answered", talk.newest_leg().key)
    room.take_over(lead, talk.row)
    with pytest.raises(Refused):
        room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    with pytest.raises(Refused):
        services.hold_call(talk.agent, talk.row)


def test_a_page_loaded_anew_after_a_transfer_rings_nobody(talk):
    colleague = make_agent()
    room.transfer(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.told()
    come_back(talk.agent, talk.row, talk.agents_leg)
    assert "ring guest" not in talk.told()
    assert state_of(talk.agent) is AgentState.WRAP_UP


def test_a_pause_of_the_recording_ends_when_a_colleague_is_handed_the_citizen(talk):
    ask(talk, make_agent())
    room.pause_recording(talk.agent, talk.row)
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.recording_paused_at is None
    assert recorder_told(talk) == ["start", "pause", "start"]


def test_a_pause_of_the_recording_ends_when_the_next_agent_of_a_queue_answers(talk):
    make_agent()
    room.pause_recording(talk.agent, talk.row)
    room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", talk.call.seat_leg)
    assert talk.row.recording_paused_at is None
    assert recorder_told(talk)[-1] == "start"


def test_a_paused_recording_stays_so_for_who_has_only_loaded_the_page_anew(talk):
    room.pause_recording(talk.agent, talk.row)
    come_back(talk.agent, talk.row, talk.agents_leg)
    talk.happens("leg.answered", talk.newest_leg().key)
    assert talk.row.recording_paused_at is not None
    assert recorder_told(talk)[-1] == "pause"


def test_a_request_for_help_is_not_the_next_agents(talk):
    colleague = make_agent()
    ask(talk, colleague)
    room.ask_for_help(talk.agent, talk.row)
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.help_asked_at is None


def test_who_was_handed_the_citizen_has_them_though_the_one_before_came_back_meanwhile(talk):
    colleague = make_agent()
    ask(talk, colleague)
    come_back(talk.agent, talk.row, talk.agents_leg)
    again = talk.newest_leg().key
    talk.happens("leg.answered", again)
    room.hand_over(talk.agent, talk.row)
    talk.ends(again)
    assert talk.row.agent_id == colleague.id


def test_whose_colleague_still_rings_when_they_put_the_handset_down_has_sent_the_citizen_on(talk):
    colleague = make_agent()
    room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.happens("leg.held", talk.call.citizen)
    leg = talk.newest_leg().key
    talk.told()
    talk.ends(talk.agents_leg, by="agent")
    assert talk.told() == []
    talk.happens("leg.answered", leg)
    assert "resume citizen" in talk.told()
    assert talk.row.agent_id == colleague.id


def test_the_citizen_waits_for_the_fire_brigade_though_the_agent_has_put_the_handset_down(talk):
    call_emergency(talk.agent, talk.row, "119")
    service = talk.newest_leg().key
    talk.told()
    talk.ends(talk.agents_leg, by="agent")
    assert talk.told() == []
    talk.happens("leg.answered", service)
    assert talk.row.ended_at is None
    assert "hangup citizen" not in talk.told()


def test_nobody_whose_fire_brigade_does_not_answer_is_left_alone(talk):
    call_emergency(talk.agent, talk.row, "119")
    service = talk.newest_leg().key
    talk.ends(talk.agents_leg, by="agent")
    talk.told()
    talk.ends(service, cause="busy", by="switch")
    assert "queue citizen" in talk.told()


def test_an_emergency_number_is_called_though_a_colleague_is_in_the_call(talk):
    ask(talk, make_agent())
    call_emergency(talk.agent, talk.row, "110")
    assert talk.newest_leg().number == "110"
    with pytest.raises(Conflict):
        call_emergency(talk.agent, talk.row, "110")


def test_the_wrap_up_of_the_last_call_counts_though_the_agent_dials_out_of_it(talk):
    talk.ends(talk.call.citizen, by="caller")
    talk.ends(talk.agents_leg)
    talk.clock.advance(seconds=12)
    services.place_call(talk.agent, "13900000009")
    assert talk.row.wrap_seconds == pytest.approx(12, abs=2)


def test_the_wrap_up_of_the_last_call_counts_though_the_agent_moves_to_another_seat(talk):
    talk.ends(talk.call.citizen, by="caller")
    talk.ends(talk.agents_leg)
    talk.clock.advance(seconds=12)
    services.sign_on(talk.agent, make_seat().number)
    assert talk.row.wrap_seconds == pytest.approx(12, abs=2)


def test_who_dials_out_of_a_break_goes_back_to_it(app, clock):
    agent = make_agent()
    services.become_not_ready(agent, NotReadyReason.MEETING)
    call = services.place_call(agent, "13900000009")
    services.hang_up(agent, call)
    scene = SwitchCall()
    scene.key = call.provider_call
    scene.tell("leg.ended", leg=scene.seat_leg, cause="normal", by="hotline")
    found = presence_of(agent)
    assert (found.state, found.reason) == (AgentState.NOT_READY, NotReadyReason.MEETING)


def test_a_break_pressed_again_does_not_begin_again(app, clock):
    agent = make_agent()
    services.become_not_ready(agent, NotReadyReason.MEAL)
    since = presence_of(agent).since
    clock.advance(seconds=600)
    services.become_not_ready(agent, NotReadyReason.MEAL)
    assert presence_of(agent).since == since


def test_a_colleague_whose_telephone_is_away_is_not_rung(talk):
    colleague = make_agent()
    presence_of(colleague).seat.online = False
    db.session.commit()
    with pytest.raises(Refused):
        room.transfer(talk.agent, talk.row, Target(agent_id=colleague.id))
    assert state_of(colleague) is AgentState.IDLE
    assert state_of(talk.agent) is AgentState.TALKING


def test_a_colleague_on_another_switch_is_not_rung(talk):
    colleague = make_agent()
    presence_of(colleague).seat.provider = "twiml"
    db.session.commit()
    with pytest.raises(Refused):
        room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))


def test_a_colleague_at_lunch_who_does_not_pick_up_goes_on_with_it(talk):
    colleague = make_agent()
    services.become_not_ready(colleague, NotReadyReason.MEAL)
    room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.clock.advance(seconds=30)
    run_due_timers()
    found = presence_of(colleague)
    assert (found.state, found.reason) == (AgentState.NOT_READY, NotReadyReason.MEAL)


def test_a_citizen_sent_back_to_the_queue_is_not_kept_for_who_sent_them(app, clock):
    without_survey()
    first = Talk(clock)
    first.ends(first.call.citizen, by="caller")
    first.ends(first.agents_leg)
    services.finish_wrap_up(first.agent)
    again = SwitchCall()
    again.arrive()
    again.press()
    leg = again.seat_leg
    again.tell("leg.answered", leg=leg)
    assert again.row.preferred_agent_id == first.agent.id
    room.transfer(first.agent, again.row, Target(queue=default_queue()))
    assert again.row.preferred_agent_id is None


def test_nobody_is_sent_round_in_a_circle_of_queues_at_which_nobody_works(app, clock):
    one, two = (
        make_queue("one", nobody_after=10, when_nobody="next_queue"),
        make_queue("two", nobody_after=10, when_nobody="next_queue"),
    )
    save_queue(None, "one", next_queue_id=two.id)
    save_queue(None, "two", next_queue_id=one.id)
    save_queue(None, "one", is_default=True)
    call = SwitchCall()
    call.arrive()
    call.press()
    for _ in range(8):
        clock.advance(seconds=11)
        run_due_timers()
    assert call.row.state is CallState.VOICEMAIL


def test_the_lead_who_takes_over_has_the_citizen_and_not_who_was_asked_before(talk, lead):
    ask(talk, make_agent())
    room.listen(lead, talk.row, ListenMode.BARGE)
    talk.happens("leg.answered", talk.newest_leg().key)
    room.take_over(lead, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.agent_id == lead.id


def test_a_telephone_that_refuses_calls_is_not_rung_over_and_over(app, clock):
    agent = make_agent()
    call = SwitchCall()
    call.arrive()
    call.press()
    commands = call.tell("leg.ended", leg=call.seat_leg, cause="congestion", by="switch")
    assert "ring" not in [command.type for command in commands]
    assert state_of(agent) is AgentState.IDLE


def test_a_lead_takes_nobody_over_whom_they_do_not_lead(talk):
    here = make_department()
    talk.agent.department = here
    lead = make_person([Role.SHIFT_LEAD], here)
    services.sign_on(lead, make_seat().number)
    room.listen(lead, talk.row, ListenMode.BARGE)
    talk.happens("leg.answered", talk.newest_leg().key)
    talk.agent.department = make_department()  # or the citizen was sent on to somebody there
    db.session.commit()
    with pytest.raises(NotPermitted):
        room.take_over(lead, talk.row)
    assert "hangup agent" not in talk.told()


def test_a_colleague_who_is_just_sent_away_does_not_inherit_the_citizen(talk):
    colleague = make_agent()
    leg = ask(talk, colleague)
    room.send_away(talk.agent, talk.row)
    talk.ends(talk.agents_leg, by="agent")
    assert talk.row.ended_at is None
    talk.ends(leg)
    assert talk.row.agent_id == talk.agent.id
    assert state_of(colleague) is AgentState.IDLE, "they have nothing to wrap up"


def test_nobody_is_handed_to_a_colleague_who_is_just_sent_away(talk):
    ask(talk, make_agent())
    room.send_away(talk.agent, talk.row)
    with pytest.raises(Refused):
        room.hand_over(talk.agent, talk.row)


def test_a_citizen_handed_to_a_colleague_who_hangs_up_in_that_moment_goes_to_the_next(talk):
    colleague = make_agent()
    leg = ask(talk, colleague)
    room.hand_over(talk.agent, talk.row)
    services.hang_up(colleague, talk.row)
    talk.ends(talk.agents_leg)
    talk.ends(leg)
    assert talk.row.state in (CallState.QUEUED, CallState.RINGING)
    assert talk.row.agent_id == talk.agent.id


def test_a_transfer_in_vain_is_forgotten_once_a_lead_in_the_talk_has_the_citizen(talk, lead):
    room.listen(lead, talk.row, ListenMode.BARGE)
    leads_leg = talk.newest_leg().key
    talk.happens("leg.answered", leads_leg)
    room.transfer(talk.agent, talk.row, Target(agent_id=make_agent().id))
    rings = talk.newest_leg().key
    talk.ends(talk.agents_leg)
    talk.ends(rings, by="switch", cause="no_answer")
    assert talk.row.agent_id == lead.id
    talk.ends(leads_leg, by="agent")
    assert talk.row.requeued_at is None, "the talk is done, and nobody sends the citizen anywhere"


def test_a_lead_takes_nobody_over_who_waits_in_a_queue_by_now(talk, lead):
    room.listen(lead, talk.row, ListenMode.BARGE)
    talk.happens("leg.answered", talk.newest_leg().key)
    room.transfer(talk.agent, talk.row, Target(queue=default_queue()))
    for _before_and_after_the_agent_is_down in range(2):
        with pytest.raises(Refused):
            room.take_over(lead, talk.row)
        talk.ends(talk.agents_leg)
