"""A switch confirms a hold some time after it was asked for; nobody stays on hold whom nobody wants there."""

from __future__ import annotations

import pytest

from hotline import services
from hotline.services import room
from hotline.services.targets import Target
from hotline.words import CallState
from tests.factories.hotline import make_agent, without_survey
from tests.hotline.services.test_room import Talk


@pytest.fixture
def talk(app, clock) -> Talk:
    without_survey()
    made = Talk(clock)
    made.told()
    return made


def sent_on(talk: Talk) -> str:
    """The citizen is on the way to a colleague, and the agent gone; the colleague's leg."""
    room.transfer(talk.agent, talk.row, Target(agent_id=make_agent(name="王芳").id))
    leg = talk.newest_leg().key
    talk.ends(talk.agents_leg)
    talk.told()
    return leg


def test_the_colleague_picks_up_before_the_switch_tells_of_the_hold(talk):
    leg = sent_on(talk)
    talk.happens("leg.answered", leg)
    assert "resume citizen" in talk.told()
    talk.happens("leg.held", talk.call.citizen)
    assert talk.told() == ["resume citizen"], "the hold came after the word that ended it"
    talk.happens("leg.resumed", talk.call.citizen)
    assert (talk.told(), talk.row.state) == ([], CallState.TALKING)


def test_a_hold_told_of_late_that_was_over_by_then_is_left_alone(talk, clock):
    held_at = clock.at
    leg = sent_on(talk)
    talk.happens("leg.answered", leg)
    talk.told()
    talk.happens("leg.held", talk.call.citizen, at=held_at)
    assert talk.told() == []


def test_who_presses_hold_and_at_once_resume_is_with_the_citizen_again(talk):
    services.hold_call(talk.agent, talk.row)
    services.resume_call(talk.agent, talk.row)
    assert talk.told() == ["hold citizen", "resume citizen"]
    talk.happens("leg.held", talk.call.citizen)
    assert talk.told() == ["resume citizen"]
    talk.happens("leg.resumed", talk.call.citizen)
    assert talk.row.state is CallState.TALKING


def test_a_colleague_sent_away_before_the_hold_is_told_leaves_nobody_in_the_music(talk):
    room.consult(talk.agent, talk.row, Target(agent_id=make_agent(name="王芳").id))
    room.send_away(talk.agent, talk.row)
    assert talk.told()[-1] == "resume citizen"
    talk.happens("leg.held", talk.call.citizen)
    assert talk.told() == ["resume citizen"]


def test_a_hold_that_is_wanted_stays_and_one_by_the_citizens_own_telephone_too(talk):
    talk.happens("leg.held", talk.call.citizen)
    assert talk.told() == []
    talk.happens("leg.resumed", talk.call.citizen)
    services.hold_call(talk.agent, talk.row)
    talk.told()
    talk.happens("leg.held", talk.call.citizen)
    assert (talk.told(), talk.row.state) == ([], CallState.HELD)
