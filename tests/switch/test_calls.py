"""A citizen with a telephone, agents with telephones, and who hears whom."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts.models import Person
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence, Call, Recording
from hotline.services import keeping
from hotline.words import AgentState, CallState, EndReason
from tests.switch.conftest import CITIZEN, Exchange, _online
from tests.switch.pbx import wait_for
from tests.switch.telephone import TONES, Telephone, who_hears_whom
from tests.switch.tones import RATE, heard_in, samples

pytestmark = pytest.mark.switch


def state_of(person: Person) -> AgentState:
    db.session.rollback()
    return db.session.scalars(select(AgentPresence).where(AgentPresence.agent_id == person.id)).one().state


def talk(exchange: Exchange, citizen: Telephone, seat: Telephone) -> Call:
    """The citizen calls, waits through the welcome, and the seat picks up."""
    citizen.dial("12345")
    seat.pick_up()
    return exchange.call_is(lambda call: call.state is CallState.TALKING)


def test_a_caller_is_welcomed_waits_with_music_and_talks_with_an_agent(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    citizen.dial("12345")
    citizen.wait("CALL_ESTABLISHED")
    who_hears_whom({citizen: {"prompt"}})
    who_hears_whom({citizen: {"music"}})
    call = exchange.call_is(lambda call: call.state is CallState.QUEUED)
    assert call.caller_number.endswith(CITIZEN[-8:])
    agent = on_duty("1001")
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    assert state_of(agent) is AgentState.TALKING
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.CALLER_HUNG_UP
    wait_for(lambda: state_of(agent) is AgentState.WRAP_UP, 5, "the wrap-up")


def test_an_agent_holds_and_resumes_and_hangs_up(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    services.hold_call(agent, call)
    who_hears_whom({citizen: {"music"}, seats["1001"]: set()})
    call = exchange.call_is(lambda call: call.state is CallState.HELD)
    services.resume_call(agent, call)
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    services.hang_up(agent, exchange.call_is(lambda call: call.state is CallState.TALKING))
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.AGENT_HUNG_UP
    assert call.hold_seconds > 0
    wait_for(lambda: not citizen.open_calls() and not seats["1001"].open_calls(), 5, "both telephones down")


def test_the_recording_holds_both_voices_and_is_what_was_told(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    on_duty("1001")
    talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)

    def ready() -> Recording | None:
        db.session.rollback()
        wanted = select(Recording).where(Recording.call_id == call.id, Recording.ready_at.is_not(None))
        return db.session.scalars(wanted).one_or_none()

    recording = wait_for(ready, 10, "the recording told")
    stored = exchange.pbx.stored_recordings()
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in stored].count(recording.sha256) == 1
    told = next(p for p in stored if hashlib.sha256(p.read_bytes()).hexdigest() == recording.sha256)
    assert heard_in(samples(told)[-RATE:], TONES) >= {"citizen", "1001"}
    keeping.fetch_recordings()
    assert ready().is_here, "fetched from the switch and kept"


def test_keys_lead_to_a_person_at_once(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    citizen.dial("12345")
    citizen.wait("CALL_ESTABLISHED", citizen.count("CALL_ESTABLISHED") + 1)
    who_hears_whom({citizen: {"prompt"}})
    citizen.press("0")
    call = exchange.call_is(lambda call: call.state is CallState.QUEUED)
    assert call.asked_key == "0"


def test_nobody_answers_and_the_next_agent_is_rung(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    deaf = on_duty("1001")
    citizen.dial("12345")
    wait_for(seats["1001"].rings, 15, "1001 rings")
    on_duty("1002")
    wait_for(lambda: seats["1002"].rings(), 40, "1002 rings")
    assert not seats["1001"].open_calls()
    seats["1002"].pick_up()
    who_hears_whom({citizen: {"1002"}, seats["1002"]: {"citizen"}})
    assert state_of(deaf) is AgentState.NOT_READY


def test_an_agent_calls_a_citizen(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    agent = on_duty("1003")
    services.place_call(agent, CITIZEN)
    seats["1003"].pick_up()
    citizen.pick_up()
    who_hears_whom({citizen: {"1003"}, seats["1003"]: {"citizen"}})
    call = exchange.call_is(lambda call: call.state is CallState.TALKING)
    seats["1003"].hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.AGENT_HUNG_UP


def test_while_the_hotline_is_away_the_caller_hears_an_apology_and_is_sent_on(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    """The citizen's telephone is also the carrier's end: the fallback call rings there."""
    on_duty("1001")
    exchange.hotline.kill("web")
    try:
        citizen.dial("12345")
        citizen.wait("CALL_ESTABLISHED", citizen.count("CALL_ESTABLISHED") + 1)
        wait_for(citizen.rings, 20, "the fallback number rings")
    finally:
        exchange.hotline.start_web()
    exchange.call_is(lambda call: call.end_reason is EndReason.FAILED)
    citizen.put_down()


def test_a_talk_goes_on_while_the_switch_agent_is_killed_and_the_next_one_takes_over(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    agent = on_duty("1001")
    talk(exchange, citizen, seats["1001"])
    exchange.hotline.kill("switch")
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    exchange.start_agent()
    wait_for(lambda: "adopted=2" in exchange.hotline.log("switch"), 20, "two legs adopted")
    services.hold_call(agent, exchange.call_is(lambda call: call.state is CallState.TALKING))
    who_hears_whom({citizen: {"music"}})
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.CALLER_HUNG_UP


def test_calls_that_died_with_the_switch_are_told_as_lost(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    agent = on_duty("1001")
    talk(exchange, citizen, seats["1001"])
    exchange.pbx.kill()
    exchange.pbx.start()
    call = exchange.call_is(lambda call: call.ended_at is not None, 20)
    assert call.end_reason is EndReason.FAILED
    wait_for(lambda: state_of(agent) is not AgentState.TALKING, 5, "the agent free")
    for number in seats:
        wait_for(lambda seat=number: _online(seat), 60, f"seat {number} registered at the new switch")


def test_a_second_agent_stands_by_and_takes_over_at_once(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    on_duty("1001")
    exchange.start_agent("standby")
    wait_for(lambda: "switch_agent_stands_by" in exchange.hotline.log("standby"), 60, "it stands by")
    exchange.hotline.kill("switch")
    wait_for(lambda: "switch_connected" in exchange.hotline.log("standby"), 30, "it took over")
    talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    citizen.hang_up()
    exchange.call_is(lambda call: call.ended_at is not None)
    exchange.hotline.processes["switch"] = exchange.hotline.processes.pop("standby")
