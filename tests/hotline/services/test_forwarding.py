"""Forwarded calls ring a number instead of the seat; everything else about the agent stays the same."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.errors import Invalid, Refused
from config.extensions import db
from config.timers import run_due_timers
from hotline.models import CallCommand, CallLeg, Seat
from hotline.services import answer_call, place_call, sign_off
from hotline.services.forwarding import forward_calls
from hotline.words import AgentState, LegRole
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, presence_of


def test_the_number_is_rung_and_whoever_picks_up_is_the_agent(clock):
    agent = make_agent(seat="1001")
    forward_calls(agent, "139 0000 0001")
    call = SwitchCall()
    (ring,) = [c for c in call.arrive(prefer_seat="1001") if c.type == "ring"]
    assert (ring.number, ring.seat) == ("+8613900000001", None)
    leg = db.session.query(CallLeg).filter_by(key=ring.leg).one()
    assert (leg.role, leg.agent_id) == (LegRole.AGENT, agent.id)
    commands = call.tell("leg.answered", leg=ring.leg)
    assert "connect" in [c.type for c in commands]
    assert presence_of(agent).state is AgentState.TALKING


def test_a_seat_whose_telephone_is_away_can_be_called_where_it_forwards_to(clock):
    agent = make_agent(seat="1001")
    db.session.query(Seat).filter_by(number="1001").one().online = False
    db.session.commit()
    call = SwitchCall()
    call.arrive()
    assert "ring" not in [c.type for c in call.press()]
    forward_calls(agent, "13900000001")
    assert presence_of(agent).state is AgentState.RESERVED


def test_it_ends_by_an_empty_number_and_with_the_shift(clock):
    agent = make_agent(seat="1001")
    forward_calls(agent, "13900000001")
    forward_calls(agent, " ")
    assert presence_of(agent).forwards_to is None
    forward_calls(agent, "13900000001")
    sign_off(agent)
    assert presence_of(agent).forwards_to is None


@pytest.mark.parametrize("number", ["abc", "12", "+999999999999999999999"])
def test_what_is_no_number_changes_nothing(clock, number):
    agent = make_agent()
    with pytest.raises(Invalid):
        forward_calls(agent, number)
    assert presence_of(agent).forwards_to is None


def test_nobody_forwards_to_the_police_or_without_a_seat(clock):
    with pytest.raises(Refused):
        forward_calls(make_agent(), "110")
    with pytest.raises(Refused):
        forward_calls(make_person([Role.AGENT]), "13900000001")


@pytest.mark.parametrize("dialled", ["12345", "+861012345678"])
def test_nobody_forwards_to_the_hotline_itself(clock, dialled):
    SwitchCall().arrive(to=dialled)
    with pytest.raises(Refused):
        forward_calls(make_agent(), dialled.replace("+86", "0"))
    with pytest.raises(Refused):
        forward_calls(make_agent(), dialled)


@pytest.mark.parametrize("cause", ["congestion", "failed", "unreachable"])
def test_a_number_that_cannot_be_rung_is_not_rung_over_and_over(clock, cause):
    agent = make_agent(seat="1001")
    forward_calls(agent, "13900000001")
    call = SwitchCall()
    call.arrive()
    call.press()
    commands = call.tell("leg.ended", leg=call.seat_leg, cause=cause, by="switch")
    assert "ring" not in [c.type for c in commands]
    assert (presence_of(agent).state, presence_of(agent).failed_rings) == (AgentState.IDLE, 1)


def test_who_lets_it_ring_where_they_forward_to_is_not_ready_though_the_network_tells_of_no_ringing(clock):
    agent = make_agent(seat="1001")
    forward_calls(agent, "13900000001")
    call = SwitchCall()
    call.arrive()
    call.press()
    clock.advance(seconds=16)
    run_due_timers()
    assert presence_of(agent).state is AgentState.NOT_READY


def test_who_forwards_dials_out_though_the_telephone_at_their_seat_is_away(clock):
    agent = make_agent(seat="1001")
    db.session.query(Seat).filter_by(number="1001").one().online = False
    db.session.commit()
    with pytest.raises(Refused):
        place_call(agent, "13900000002")
    forward_calls(agent, "13900000001")
    place_call(agent, "13900000002")
    assert db.session.query(CallLeg).filter_by(agent_id=agent.id).one().number == "+8613900000001"


def test_the_bar_and_the_floor_show_it_masked(clock, sign_in):
    agent = make_agent()
    browser = sign_in(agent)
    told = browser.post("/calls/forward", json={"number": "13900000001"}).json
    assert told["presence"]["forwards_to"] == "139****0001"
    assert browser.post("/calls/forward", json={"number": ["x"]}).status_code == 422


def test_a_forwarded_call_is_picked_up_where_it_rings_and_not_in_the_bar(clock):
    agent = make_agent(seat="1001")
    forward_calls(agent, "13900000001")
    call = SwitchCall()
    call.arrive(prefer_seat="1001")
    with pytest.raises(Refused):
        answer_call(agent, call.row)
    asked = db.session.query(CallCommand).filter_by(type="answer", call_id=call.row.id)
    assert [row.args["leg"] for row in asked] == [call.citizen]
