"""When carrier, network or news fail: with the carrier of this machine, who can be told to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from config.extensions import db
from hotline.models import AgentPresence
from hotline.telephony.twiml import agent as beside
from hotline.telephony.twiml import ordering
from hotline.words import AgentState, CallState
from tests.hotline.telephony.suite.on_twiml import AgentBeside, TwimlProvider, twiml_running
from tests.hotline.telephony.suite.scenarios import talking
from tests.hotline.telephony.suite.scenarios import (
    test_a_citizen_is_held_and_comes_back as a_citizen_is_held_and_comes_back,
)
from tests.hotline.telephony.suite.scenarios import (
    test_a_colleague_is_consulted_then_three_talk_then_the_citizen_is_handed_over as all_three_and_handed_over,
)
from tests.hotline.telephony.suite.stage import Stage, until
from tests.hotline.telephony.twiml.carrier import Carrier


@pytest.fixture
def running(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Carrier, AgentBeside]]:
    monkeypatch.setattr(beside, "ASK_EVERY", 1.0)
    with twiml_running(committed) as made:
        yield made


@pytest.fixture
def carrier(running: tuple[Carrier, AgentBeside]) -> Carrier:
    return running[0]


@pytest.fixture
def agent(running: tuple[Carrier, AgentBeside]) -> AgentBeside:
    """The process that speaks to the carrier."""
    return running[1]


@pytest.fixture
def stage(carrier: Carrier) -> Stage:
    return Stage(TwimlProvider(carrier))


def test_doubled_and_delayed_news_tell_the_same_story(stage: Stage, carrier: Carrier):
    carrier.doubles_and_delays = True
    a_citizen_is_held_and_comes_back(stage)


def test_doubled_and_delayed_news_tell_the_same_story_of_three(stage: Stage, carrier: Carrier):
    carrier.doubles_and_delays = True
    all_three_and_handed_over(stage)


def test_a_ring_whose_answer_was_lost_rings_one_telephone_in_the_end(stage: Stage, carrier: Carrier):
    stage.on_duty("1001")
    carrier.loses_next_answers = 1
    citizen = stage.citizen_calls()
    seat = stage.pick_up("1001")
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})
    until(lambda: len([line for line in carrier.lines.values() if not line.is_over]) == 2, carrier.picture)


def test_while_the_carriers_interface_is_away_the_caller_waits_and_is_then_served(
    stage: Stage, carrier: Carrier
):
    stage.on_duty("1001")
    carrier.is_away = True
    citizen = stage.citizen_calls()
    stage.call(lambda call: call.state is CallState.RINGING)
    stage.hear({citizen: {"music"}})
    carrier.is_away = False
    seat = stage.pick_up("1001")
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})


def test_a_seat_that_cannot_be_rung_is_told_of_and_the_caller_goes_on_waiting(
    stage: Stage, carrier: Carrier, committed: Flask
):
    committed.config["SETTINGS"].twiml_sip_domain = ""
    agent = stage.on_duty("1001")
    citizen = stage.citizen_calls()
    until(lambda: failed_rings_of(agent.id) == 1, "the ring that failed")
    assert stage.state_of(agent) is AgentState.IDLE
    stage.hear({citizen: {"music"}})


def failed_rings_of(agent_id: int) -> int:
    db.session.rollback()
    return db.session.query(AgentPresence).filter_by(agent_id=agent_id).one().failed_rings


def test_a_telephone_that_vanished_without_a_word_is_asked_after(
    stage: Stage, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
):
    agent = stage.on_duty("1001")
    call, citizen, _seat = talking(stage)
    carrier.keeps_news = True
    citizen.hang_up()
    until(citizen.is_down)
    monkeypatch.setattr(ordering, "SILENT_AFTER", ordering.LOOK_AGAIN)
    until(lambda: stage.call().ended_at is not None, "the end noticed", 60)
    carrier.keeps_news = False
    stage.agent_becomes(agent, AgentState.WRAP_UP)
    assert stage.call().id == call.id


def test_a_hang_up_reaches_a_telephone_that_was_about_to_ring(stage: Stage, carrier: Carrier):
    """The citizen gives up while the request to ring is on its way."""
    agent = stage.on_duty("1001")
    carrier.is_away = True
    citizen = stage.citizen_calls()
    stage.call(lambda call: call.state is CallState.RINGING)
    citizen.hang_up()
    stage.call(lambda call: call.ended_at is not None)
    carrier.is_away = False
    stage.agent_becomes(agent, AgentState.IDLE)
    assert stage.provider.ringing("1001") is None
    assert stage.state_of(agent) is AgentState.IDLE


def test_what_was_ordered_while_no_agent_runs_is_carried_out_by_the_next(
    stage: Stage, carrier: Carrier, agent: AgentBeside
):
    stage.on_duty("1001")
    agent.stop()
    citizen = stage.citizen_calls()
    stage.call(lambda call: call.state is CallState.RINGING)
    stage.hear({citizen: {"music"}})
    assert stage.provider.ringing("1001") is None
    agent.start()
    seat = stage.pick_up("1001")
    stage.hear({citizen: {"1001"}, seat: {"citizen"}})


def test_at_the_seat_the_citizens_number_is_shown_and_outside_only_ours(stage: Stage, carrier: Carrier):
    stage.on_duty("1001")
    stage.citizen_calls()
    stage.rings("1001")
    (asked,) = [form for _method, path, form in carrier.asked if path == "/Calls.json"]
    assert (asked["From"], asked["To"]) == (["+8613912340042"], ["sip:1001@hotline.example"])
