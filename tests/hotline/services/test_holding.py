"""A switch confirms a hold some time after it was asked for; nobody stays on hold whom nobody wants there."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import CallCommand
from hotline.services import room
from hotline.services.coming_back import come_back
from hotline.services.queues import default_queue
from hotline.services.targets import Target
from hotline.words import CallState, ListenMode
from tests.factories.hotline import make_agent, without_survey
from tests.hotline.services.scenes import Talk, ask


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


def test_whoever_is_put_on_hold_again_before_the_switch_has_ended_the_last_hold_hears_music(talk):
    services.hold_call(talk.agent, talk.row)
    talk.happens("leg.held", talk.call.citizen)
    services.resume_call(talk.agent, talk.row)
    talk.told()
    services.hold_call(talk.agent, talk.row)
    assert talk.told() == ["hold citizen"], "what is said now is not for the citizen"
    services.hold_call(talk.agent, talk.row)
    assert talk.told() == [], "they hear music already"


def test_who_asks_a_colleague_the_moment_after_a_hold_is_not_overheard(talk):
    services.hold_call(talk.agent, talk.row)
    talk.happens("leg.held", talk.call.citizen)
    services.resume_call(talk.agent, talk.row)
    talk.told()
    room.consult(talk.agent, talk.row, Target(agent_id=make_agent(name="王芳").id))
    assert talk.told() == ["ring guest", "hold citizen"]


def listened_to(talk: Talk, mode: ListenMode = ListenMode.MONITOR):
    lead = make_agent(name="组长", roles=(Role.SHIFT_LEAD,))
    room.listen(lead, talk.row, mode)
    talk.happens("leg.answered", talk.newest_leg().key)
    talk.told()


def brought_together(talk: Talk) -> list[str]:
    """The legs last brought into one talk."""
    rows = db.session.query(CallCommand).filter_by(call_id=talk.row.id, type="connect")
    return rows.order_by(CallCommand.id.desc()).first().args["legs"]


@pytest.mark.parametrize("mode", ListenMode)
def test_who_was_sent_to_a_queue_from_a_hold_comes_out_of_it_though_a_lead_listens(talk, mode):
    listened_to(talk, mode)
    services.hold_call(talk.agent, talk.row)
    talk.happens("leg.held", talk.call.citizen)
    make_agent()
    room.transfer(talk.agent, talk.row, Target(queue=default_queue()))
    talk.ends(talk.agents_leg)
    next_leg = talk.newest_leg().key
    talk.happens("leg.answered", next_leg)
    assert brought_together(talk) == [talk.call.citizen, next_leg]


def test_who_came_to_the_next_agent_by_a_transfer_in_vain_is_on_hold_no_more_though_a_lead_listens(talk):
    listened_to(talk)
    room.transfer(talk.agent, talk.row, Target(agent_id=make_agent(name="王芳").id))
    rings = talk.newest_leg().key
    talk.happens("leg.held", talk.call.citizen)
    talk.ends(talk.agents_leg)
    make_agent(name="李强")
    talk.ends(rings, by="switch", cause="no_answer")
    next_leg = talk.newest_leg().key
    talk.happens("leg.answered", next_leg)
    assert brought_together(talk) == [talk.call.citizen, next_leg]


def test_an_agent_who_loads_the_page_anew_has_the_citizen_back_though_a_lead_listens(talk):
    listened_to(talk)
    come_back(talk.agent, talk.row, talk.agents_leg)
    talk.happens("leg.held", talk.call.citizen)
    anew = talk.newest_leg().key
    talk.happens("leg.answered", anew)
    assert brought_together(talk) == [talk.call.citizen, anew]


def test_two_talk_on_while_the_third_loads_the_page_anew(talk):
    ask(talk, make_agent(name="王芳"))
    room.bring_together(talk.agent, talk.row)
    talk.happens("leg.resumed", talk.call.citizen)
    talk.told()
    come_back(talk.agent, talk.row, talk.agents_leg)
    assert "hold citizen" not in talk.told()
    anew = talk.newest_leg().key
    talk.happens("leg.answered", anew)
    assert brought_together(talk) == [talk.call.citizen, anew]
