"""A ring that could not be is nobody's absence: not the agent's, and not the caller's to wait for over and over."""

from __future__ import annotations

import pytest

from config.errors import Refused
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import CallLeg, Seat
from hotline.services import failed_rings
from hotline.services.forwarding import forward_calls
from hotline.words import AgentState, CallState, NotReadyReason
from tests.factories.hotline import SwitchCall, make_agent, presence_of, waiting_call


@pytest.fixture
def agent(app, clock):
    return make_agent(name="张敏")


@pytest.fixture
def floor(monkeypatch) -> list[tuple[str, str, dict]]:
    told: list[tuple[str, str, dict]] = []
    monkeypatch.setattr(failed_rings, "tell", lambda *what: told.append(what))
    return told


def stands(person) -> tuple[AgentState, NotReadyReason | None, int]:
    found = presence_of(person)
    return found.state, found.reason, found.failed_rings


def rings(person) -> bool:
    return presence_of(person).state is AgentState.RESERVED


def fail(call: SwitchCall, cause: str = "congestion") -> None:
    call.tell("leg.ended", leg=call.seat_leg, cause=cause, by="switch")


def pause(clock, seconds: float) -> None:
    clock.advance(seconds=seconds)
    run_due_timers()


@pytest.mark.parametrize("cause", ["congestion", "failed", "unreachable", "q850_127"])
def test_the_agent_stays_ready_and_is_rung_again_a_while_later(agent, clock, cause):
    call = waiting_call()
    fail(call, cause)
    assert stands(agent) == (AgentState.IDLE, None, 1)
    pause(clock, 9)
    assert not rings(agent)
    pause(clock, 2)
    assert rings(agent)
    assert call.row.state is CallState.RINGING


def test_meanwhile_another_agent_has_the_caller(agent, clock):
    call = waiting_call()
    other = make_agent()
    fail(call)
    assert rings(other)
    assert stands(agent) == (AgentState.IDLE, None, 1)


def test_a_ring_the_switch_never_got_to_is_no_absence(agent, clock):
    call = waiting_call()
    pause(clock, 16)
    assert stands(agent) == (AgentState.IDLE, None, 1)
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    assert stands(agent) == (AgentState.IDLE, None, 1), "one ring fails once"


def test_a_telephone_that_rings_late_has_its_whole_time(agent, clock):
    call = waiting_call()
    clock.advance(seconds=9)
    call.tell("leg.ringing", leg=call.seat_leg)
    pause(clock, 7)
    assert rings(agent)
    pause(clock, 8)
    assert stands(agent) == (AgentState.NOT_READY, NotReadyReason.NO_ANSWER, 0)


@pytest.mark.parametrize("cause", ["rejected", "busy", "no_answer"])
def test_who_refuses_the_call_or_lets_it_ring_is_not_ready(agent, clock, cause):
    fail(waiting_call(), cause)
    assert stands(agent) == (AgentState.NOT_READY, NotReadyReason.NO_ANSWER, 0)


def test_the_third_time_running_the_seat_is_set_aside_and_the_floor_is_told(agent, clock, floor):
    call = waiting_call()
    for seconds in (0, 11, 31):
        pause(clock, seconds)
        assert rings(agent)
        fail(call)
    assert stands(agent) == (AgentState.NOT_READY, NotReadyReason.NO_TELEPHONE, 3)
    aside = [facts["agent"] for room, event, facts in floor if (room, event) == ("floor", "seat:aside")]
    assert aside == ["张敏"]
    mine = [facts["aside"] for room, _event, facts in floor if room == f"person:{agent.id}"]
    assert mine == [False, False, True]
    db.session.expire_all()
    seat = db.session.query(Seat).one()
    assert (seat.failed_times, seat.failed_at is not None) == (3, True)
    pause(clock, 60)
    assert not rings(agent)
    services.become_idle(agent)
    assert rings(agent)
    fail(call)
    assert stands(agent) == (AgentState.IDLE, None, 1), "who says that it works begins anew"


def test_who_was_set_aside_is_not_ready_before_their_telephone_is_there_or_they_forward(agent, clock):
    call = waiting_call()
    for seconds in (0, 11, 31):
        pause(clock, seconds)
        fail(call)
    db.session.query(Seat).one().online = False
    db.session.commit()
    with pytest.raises(Refused, match=presence_of(agent).seat.number):
        services.become_idle(agent)
    forward_calls(agent, "13900000001")
    services.become_idle(agent)
    assert rings(agent)


def test_where_they_forward_to_is_another_telephone(agent, clock):
    call = waiting_call()
    fail(call)
    forward_calls(agent, "13900000001")
    assert rings(agent)
    assert call.row.state is CallState.RINGING


def test_a_ring_that_came_through_is_the_end_of_the_row(agent, clock):
    call = waiting_call()
    fail(call)
    pause(clock, 11)
    call.tell("leg.answered", leg=call.seat_leg)
    call.caller_hangs_up()
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    services.finish_wrap_up(agent)
    assert stands(agent) == (AgentState.IDLE, None, 0)


def test_told_twice_and_in_the_wrong_order_one_ring_fails_once(agent, clock):
    call = waiting_call()
    leg = call.seat_leg
    end = call.event("leg.ended", leg=leg, cause="congestion", by="switch")
    call.send(end)
    call.send(end)
    call.tell("leg.ended", leg=leg, cause="failed", by="switch")
    call.tell("leg.ringing", leg=leg)
    assert stands(agent) == (AgentState.IDLE, None, 1)
    assert db.session.query(CallLeg).filter_by(agent_id=agent.id).count() == 1


def test_a_caller_who_leaves_first_costs_nobody_anything(agent, clock):
    call = waiting_call()
    leg = call.seat_leg
    call.caller_hangs_up()
    call.tell("leg.ended", leg=leg, cause="congestion", by="switch")
    assert stands(agent) == (AgentState.IDLE, None, 0)


def test_who_signs_off_takes_no_failures_along(agent, clock):
    call = waiting_call()
    fail(call)
    services.sign_off(agent)
    assert (presence_of(agent).failed_rings, presence_of(agent).rests_until) == (0, None)


def test_half_a_minute_of_congestion_makes_nobody_unavailable(app, clock):
    crew = [make_agent() for _ in range(4)]
    calls = [SwitchCall(f"+861390000100{n}") for n in range(4)]
    for call in calls:
        call.arrive()
        call.press()
    for _second in range(30):
        for call in calls:
            for leg in ringing_legs(call):
                call.tell("leg.ended", leg=leg, cause="congestion", by="switch")
        pause(clock, 1)
    pause(clock, 15)
    assert [stands(agent)[0] for agent in crew] == [AgentState.RESERVED] * 4
    assert [call.row.state for call in calls] == [CallState.RINGING] * 4
    assert sum(seat.failed_times for seat in db.session.query(Seat)) == 8


def ringing_legs(call: SwitchCall) -> list[str]:
    db.session.expire_all()
    legs = db.session.query(CallLeg).filter_by(call_id=call.row.id, ended_at=None, answered_at=None)
    return [leg.key for leg in legs.filter(CallLeg.agent_id.is_not(None))]
