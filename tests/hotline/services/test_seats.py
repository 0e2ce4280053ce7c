"""What a switch tells of a seat's telephone: that it came, went, or that another came in its place."""

from __future__ import annotations

import pytest

from config import clock as city_clock
from config.extensions import db
from config.ids import new_id
from hotline.models import Seat
from hotline.services import become_idle, receive_event
from hotline.services.softphone import take_telephone
from hotline.telephony.contract import EventMessage
from hotline.words import AgentState, NotReadyReason
from tests.factories.hotline import make_agent, make_seat, presence_of

HERE = "a-browser-here"


@pytest.fixture
def told(monkeypatch):
    """What the pages of people were told, as (room, facts)."""
    found = []
    monkeypatch.setattr(
        "hotline.services.softphone.tell", lambda room, _kind, facts: found.append((room, facts))
    )
    return found


@pytest.fixture
def in_browser(app, clock, monkeypatch):
    """An agent whose telephone is the browser HERE, idle and registered."""
    monkeypatch.setattr(app.config["SETTINGS"], "softphone_url", "wss://switch.city.example/ws")
    agent = make_agent(seat="1010")
    seat = seat_named("1010")
    seat.in_browser, seat.secret = True, "secret"
    db.session.commit()
    take_telephone(agent, HERE)
    registers("1010", f"{HERE}@10.0.0.7:50000")
    return agent


def seat_named(number: str) -> Seat:
    db.session.expire_all()
    return db.session.query(Seat).filter_by(number=number).one()


def registers(number: str, contact: str | None = None, kind: str = "seat.online") -> None:
    facts = {"id": new_id(), "at": city_clock.now(), "provider": seat_named(number).provider, "type": kind}
    receive_event(EventMessage.model_validate({**facts, "seat": number, "contact": contact}))


def test_a_browser_under_its_own_name_is_nobody_else_wherever_it_is(in_browser, told):
    registers("1010", f"{HERE}@10.0.0.7:50001")
    assert told == []
    assert (seat_named("1010").taken_times, presence_of(in_browser).state) == (0, AgentState.IDLE)


def test_a_stranger_at_a_browsers_seat_is_told_counted_and_given_no_calls(in_browser, told):
    registers("1010", "1010@192.0.2.66:5060")
    assert told == [
        (f"person:{in_browser.id}", {"browser": HERE, "from_another": False, "taken": "1010"}),
    ]
    assert seat_named("1010").taken_times == 1
    presence = presence_of(in_browser)
    assert (presence.state, presence.reason) == (AgentState.NOT_READY, NotReadyReason.NO_TELEPHONE)


def test_the_same_stranger_told_again_is_counted_once_and_anew_when_they_come_back(in_browser, told):
    for contact in ("1010@192.0.2.66:5060", "1010@192.0.2.66:5060", f"{HERE}@10.0.0.7:50000"):
        registers("1010", contact)
    assert seat_named("1010").taken_times == 1
    become_idle(in_browser)
    registers("1010", "1010@192.0.2.66:5060")
    assert seat_named("1010").taken_times == 2
    assert presence_of(in_browser).state is AgentState.NOT_READY


def test_a_second_desk_phone_is_told_to_its_agent_who_stays_ready(app, clock, told):
    agent = make_agent(seat="1001")
    registers("1001", "1001@10.0.0.5:5060")
    registers("1001", "1001@10.0.0.99:5060")
    assert told == [(f"person:{agent.id}", {"browser": None, "from_another": False, "taken": "1001"})]
    assert seat_named("1001").taken_times == 1
    assert presence_of(agent).state is AgentState.IDLE


def test_a_desk_phone_that_left_and_comes_back_elsewhere_took_nobodys_place(app, clock, told):
    make_agent(seat="1001")
    registers("1001", "1001@10.0.0.5:5060")
    registers("1001", kind="seat.offline")
    registers("1001", "1001@10.0.0.99:5060")
    assert told == []
    assert seat_named("1001").taken_times == 0


def test_a_switch_that_does_not_tell_where_changes_nothing_of_it(app, clock, told):
    make_agent(seat="1001")
    registers("1001", "1001@10.0.0.5:5060")
    registers("1001")
    assert seat_named("1001").contact == "1001@10.0.0.5:5060"
    assert told == []


def test_where_nobody_sits_it_is_counted_all_the_same(app, clock, told):
    make_seat("1002")
    registers("1002", "1002@10.0.0.5:5060")
    registers("1002", "1002@10.0.0.99:5060")
    assert seat_named("1002").taken_times == 1
    assert told == []
