"""The switch agent is killed in the middle of things, and the next one finds what is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Person
from config.extensions import db
from hotline import services
from hotline.models import CallLeg
from hotline.services import room
from hotline.words import AgentState, CallState, EndReason, ListenMode
from tests.switch.conftest import Exchange, is_free
from tests.switch.pbx import wait_for
from tests.switch.telephone import Telephone, who_hears_whom
from tests.switch.test_calls import state_of, talk
from tests.switch.test_rooms import lead  # noqa: F401 - a fixture

pytestmark = pytest.mark.switch

Seats = dict[str, Telephone]
OnDuty = Callable[[str], Person]


def next_agent(exchange: Exchange) -> None:
    """A new process speaks for the switch, and has looked around."""
    before = exchange.hotline.log("switch").count("reconciled")
    exchange.start_agent()
    wait_for(lambda: exchange.hotline.log("switch").count("reconciled") > before, 60, "the next agent")


def test_who_waited_through_the_death_of_an_agent_process_talks_with_the_next_idle_agent(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    citizen.dial("12345")
    exchange.call_is(lambda call: call.state is CallState.QUEUED, 30)
    who_hears_whom({citizen: {"music"}})
    exchange.hotline.kill("switch")
    who_hears_whom({citizen: {"music"}})
    next_agent(exchange)
    who_hears_whom({citizen: {"music"}})
    on_duty("1001")
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})


def test_an_agent_who_was_to_be_rung_in_that_moment_is_rung_when_the_next_process_is_there(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    citizen.dial("12345")
    exchange.call_is(lambda call: call.state is CallState.QUEUED, 30)
    exchange.hotline.kill("switch")
    agent = on_duty("1001")
    assert state_of(agent) is AgentState.RESERVED, "rung, as far as we know, and nobody carries it out"
    next_agent(exchange)
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})


def test_who_calls_while_no_process_is_there_is_taken_by_the_next(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    on_duty("1001")
    exchange.hotline.kill("switch")
    citizen.dial("12345")
    wait_for(lambda: citizen.count("CALL_RINGING"), 10, "it rings")
    next_agent(exchange)
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})


def test_who_hung_up_while_no_process_was_there_did_so_and_the_agent_is_free(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    agent = on_duty("1001")
    talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    exchange.hotline.kill("switch")
    citizen.hang_up()
    wait_for(lambda: not citizen.open_calls(), 5, "the citizen's telephone down")
    next_agent(exchange)
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.CALLER_HUNG_UP
    wait_for(lambda: state_of(agent) is AgentState.WRAP_UP, 10, "the wrap-up")
    wait_for(lambda: not seats["1001"].open_calls(), 10, "the seat's telephone down")


def test_a_listener_hears_on_and_leaves_nothing_behind(
    exchange: Exchange,
    citizen: Telephone,
    seats: Seats,
    on_duty: OnDuty,
    lead: Person,  # noqa: F811
):
    on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    services.sign_on(lead, "1003")
    room.listen(lead, call, ListenMode.MONITOR)
    seats["1003"].pick_up()
    heard = {seats["1003"]: {"citizen", "1001"}, citizen: {"1001"}, seats["1001"]: {"citizen"}}
    who_hears_whom(heard)
    exchange.hotline.kill("switch")
    next_agent(exchange)
    who_hears_whom(heard)
    assert db.session.query(CallLeg).filter_by(call_id=call.id).count() == 3
    citizen.hang_up()
    exchange.call_is(lambda call: call.ended_at is not None)
    wait_for(lambda: is_free(lead), 15, "the lead free")
