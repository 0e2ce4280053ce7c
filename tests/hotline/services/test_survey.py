"""How was it? One call, one rating, and the agent's wrap-up does not wait for it."""

from __future__ import annotations

from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import CallLeg
from hotline.words import AgentState, CallState, EndReason
from tests.factories.hotline import SwitchCall, kinds, make_agent, presence_of, without_survey
from tests.hotline.services.scenes import talking


def agent_hangs_up(call, clock):
    clock.advance(seconds=30)
    return call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")


def test_when_the_agent_hangs_up_the_citizen_is_asked_and_the_agent_wraps_up(app, clock):
    call, agent = talking(clock)
    assert kinds(agent_hangs_up(call, clock)) == ["record", "remove", "gather"]
    assert call.row.state is CallState.SURVEY
    assert presence_of(agent).state is AgentState.WRAP_UP
    clock.advance(seconds=5)
    call.tell("digits", leg=call.citizen, value="4", prompt="survey")
    assert kinds(call.tell("prompt.done", leg=call.citizen, prompt="survey_thanks")) == ["hangup"]
    clock.advance(seconds=5)
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    row = call.row
    assert (row.rating, row.talk_seconds, row.end_reason) == (4, 30, EndReason.AGENT_HUNG_UP)


def test_the_button_asks_as_well(app, clock):
    call, agent = talking(clock)
    services.hang_up(agent, call.row)
    assert call.row.state is CallState.TALKING  # until the agent's telephone is down
    assert "gather" in kinds(call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline"))


def test_late_and_doubled_keys_change_nothing(app, clock):
    call, _agent = talking(clock)
    agent_hangs_up(call, clock)
    clock.advance(seconds=3)
    first = call.event("digits", leg=call.citizen, value="2", prompt="survey")
    call.send(first)
    clock.advance(seconds=1)
    for value in ("5", "9", ""):
        call.tell("digits", leg=call.citizen, value=value, prompt="survey")
    call.send(first)
    assert call.row.rating == 2


def test_silence_and_other_keys_are_no_rating_and_end_the_survey(app, clock):
    for value in ("", "7", "12"):
        call, agent = talking(clock)
        agent_hangs_up(call, clock)
        clock.advance(seconds=8)
        commands = call.tell("digits", leg=call.citizen, value=value, prompt="survey")
        assert [command.prompt for command in commands if command.prompt] == ["survey_thanks"]
        call.caller_hangs_up()
        assert (call.row.rating, call.row.end_reason) == (None, EndReason.AGENT_HUNG_UP)
        services.finish_wrap_up(agent)
        services.sign_off(agent)


def test_who_hangs_up_first_is_asked_nothing(app, clock):
    call, _agent = talking(clock)
    clock.advance(seconds=30)
    assert "gather" not in kinds(call.caller_hangs_up())


def test_a_queue_that_does_not_ask(app, clock):
    without_survey()
    call, _agent = talking(clock)
    assert kinds(agent_hangs_up(call, clock)) == ["hangup"]


def test_a_switch_that_never_tells_the_key_keeps_nobody(app, clock):
    call, _agent = talking(clock)
    agent_hangs_up(call, clock)
    for _ in range(2):
        clock.advance(seconds=61)
        run_due_timers()
    leg = db.session.query(CallLeg).filter_by(call_id=call.row.id, key=call.citizen).one()
    assert leg.hangup_asked_at is not None


def test_a_key_pressed_in_a_talk_is_no_rating(app, clock):
    make_agent()
    call = SwitchCall()
    call.arrive()
    call.press("5")
    assert call.row.rating is None
