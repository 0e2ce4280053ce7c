"""Whoever listens when the citizen goes to somebody else listens anew, as an act of its own, or not at all."""

from __future__ import annotations

import pytest

from accounts import audit
from accounts.audit import AuditEntry
from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence, CallDeed, CallLeg
from hotline.services import listening, room
from hotline.services.coming_back import come_back
from hotline.services.targets import Target
from hotline.words import AgentState, CallState, Deed, ListenMode, Purpose
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import make_agent, make_queue, make_seat, without_survey
from tests.hotline.services.scenes import Talk, ask, state_of


@pytest.fixture
def branch(app):
    return make_department("东区")


@pytest.fixture
def talk(app, clock, branch) -> Talk:
    """With an agent of the lead's branch."""
    without_survey()
    talk = Talk(clock)
    talk.agent.department = branch
    db.session.commit()
    return talk


@pytest.fixture
def lead(branch) -> Person:
    lead = make_person([Role.SHIFT_LEAD], branch, name="组长")
    services.sign_on(lead, make_seat().number)
    return lead


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str]]:
    """Whom the page of a lead is told, and what."""
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(listening, "tell", lambda room, event, _facts: heard.append((room, event)))
    return heard


def agent_of(department) -> Person:
    agent = make_agent()
    agent.department = department
    db.session.commit()
    return agent


def begin(talk: Talk, lead: Person, mode: ListenMode = ListenMode.MONITOR, answers: bool = True) -> str:
    room.listen(lead, talk.row, mode)
    leg = talk.newest_leg().key
    if answers:
        talk.happens("leg.answered", leg)
    talk.told()
    return leg


def listened_to(lead: Person) -> list[int]:
    """The agents of the rows in the audit trail, in their order."""
    rows = db.session.query(AuditEntry).filter_by(person_id=lead.id).filter(AuditEntry.verb.like("call:%"))
    return [row.detail["agent_id"] for row in rows.order_by(AuditEntry.id) if "agent_id" in row.detail]


def is_put_down(leg: str) -> bool:
    db.session.expire_all()
    return db.session.query(CallLeg).filter_by(key=leg).one().hangup_asked_at is not None


def to_queue(talk: Talk) -> str:
    """The agent sends the citizen to the queue; the leg of the agent who is rung there."""
    room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    talk.ends(talk.agents_leg)
    return talk.call.seat_leg


def test_who_follows_is_where_they_were_when_they_pressed_and_not_where_the_switch_is(
    talk, lead, branch, told, monkeypatch
):
    monkeypatch.setattr(audit, "client_address", lambda: "10.1.2.3")
    begin(talk, lead, ListenMode.MONITOR)
    monkeypatch.setattr(audit, "client_address", lambda: "10.0.0.5")
    ask(talk, agent_of(branch))
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    rows = db.session.query(AuditEntry).filter_by(verb="call:monitor").order_by(AuditEntry.id)
    assert [(row.detail.get("followed", False), row.address) for row in rows] == [
        (False, "10.1.2.3"),
        (True, "10.1.2.3"),
    ]


@pytest.mark.parametrize("mode", list(ListenMode))
def test_each_agent_listened_to_is_an_act_of_its_own(talk, lead, branch, told, mode):
    leg = begin(talk, lead, mode)
    colleague = agent_of(branch)
    ask(talk, colleague)
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.agent_id == colleague.id
    assert listened_to(lead) == [talk.agent.id, colleague.id]
    rows = db.session.query(AuditEntry).filter_by(verb=f"call:{mode.value}").order_by(AuditEntry.id)
    assert [row.detail.get("followed", False) for row in rows] == [False, True]
    deeds = db.session.query(CallDeed).filter_by(person_id=lead.id, deed=Deed(mode.value))
    assert deeds.count() == 2
    assert not is_put_down(leg)
    assert told == []


@pytest.mark.parametrize("mode", list(ListenMode))
def test_whom_the_lead_does_not_lead_they_do_not_hear_and_are_told_so(talk, lead, told, mode):
    leg = begin(talk, lead, mode)
    other = agent_of(make_department("西区"))
    ask(talk, other)
    room.hand_over(talk.agent, talk.row)
    talk.told()
    talk.ends(talk.agents_leg)
    orders = talk.told()
    assert talk.row.agent_id == other.id
    assert "hangup guest" in orders
    assert not [order for order in orders if order.startswith("listen")]
    assert told == [(f"person:{lead.id}", "listen:over")]
    assert listened_to(lead) == [talk.agent.id]
    talk.ends(leg)
    assert state_of(lead) is AgentState.IDLE
    assert talk.row.ended_at is None


def test_the_next_agent_of_a_queue_is_looked_at_as_well(talk, lead, told):
    leg = begin(talk, lead)
    agent_of(make_department("西区"))
    theirs = to_queue(talk)
    assert not is_put_down(leg), "nobody has the citizen yet, and it may be one of theirs"
    talk.happens("leg.answered", theirs)
    assert is_put_down(leg)
    assert told == [(f"person:{lead.id}", "listen:over")]
    assert listened_to(lead) == [talk.agent.id]


def test_to_a_queue_that_none_of_theirs_serves_nobody_is_followed(talk, lead, told):
    leg = begin(talk, lead)
    elsewhere = make_queue("law", "法律")
    room.transfer(talk.agent, talk.row, Target(queue=elsewhere))
    assert is_put_down(leg)
    assert told == [(f"person:{lead.id}", "listen:over")]


def test_who_has_not_picked_up_yet_is_looked_at_too(talk, lead, told):
    leg = begin(talk, lead, answers=False)
    other = agent_of(make_department("西区"))
    room.transfer(talk.agent, talk.row, Target(agent_id=other.id))
    theirs = talk.newest_leg().key
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", theirs)
    assert is_put_down(leg)
    talk.happens("leg.answered", leg)
    assert not [order for order in talk.told() if order.startswith("listen")]


def test_an_agent_whose_telephone_is_rung_anew_is_no_other(talk, lead, told):
    begin(talk, lead)
    come_back(talk.agent, talk.row, talk.agents_leg)
    talk.happens("leg.answered", talk.newest_leg().key)
    assert "listen monitor" in talk.told()
    assert listened_to(lead) == [talk.agent.id]


def test_with_somebody_outside_nobody_of_ours_is_to_be_heard(talk, lead, told):
    leg = begin(talk, lead)
    room.transfer(talk.agent, talk.row, Target(number="110"))
    outside = talk.newest_leg().key
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", outside)
    assert is_put_down(leg)
    assert told == [(f"person:{lead.id}", "listen:over")]


def test_of_two_leads_each_is_looked_at(talk, lead, told):
    city = make_agent(name="总班长", roles=(Role.SHIFT_LEAD,))
    first, second = begin(talk, lead), begin(talk, city, ListenMode.WHISPER)
    other = agent_of(make_department("西区"))
    room.transfer(talk.agent, talk.row, Target(agent_id=other.id))
    theirs = talk.newest_leg().key
    talk.ends(talk.agents_leg)
    talk.happens("leg.answered", theirs)
    talk.happens("leg.answered", theirs)
    assert (is_put_down(first), is_put_down(second)) == (True, False)
    assert listened_to(city) == [talk.agent.id, other.id]
    assert told == [(f"person:{lead.id}", "listen:over")]


def test_who_listened_is_free_while_the_citizen_says_how_it_was(talk, lead):
    talk.row.asks_rating = True
    db.session.commit()
    leg = begin(talk, lead)
    talk.ends(talk.agents_leg, by="agent")
    assert talk.row.state is CallState.SURVEY
    assert is_put_down(leg)
    talk.ends(leg)
    assert state_of(lead) is AgentState.IDLE


def test_the_colleague_who_was_asked_has_the_citizen_though_a_lead_came_in_before(talk, lead, branch):
    begin(talk, lead, ListenMode.BARGE)
    colleague = agent_of(branch)
    ask(talk, colleague)
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    assert talk.row.agent_id == colleague.id
    mine = db.session.query(AgentPresence).filter_by(agent_id=lead.id).one().leg
    assert mine.purpose is Purpose.LISTEN
