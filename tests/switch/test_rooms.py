"""Every function of a live call, by who hears whom on a real switch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import Call, Recording
from hotline.services import room
from hotline.services.targets import Target
from hotline.words import AgentState, CallState, ListenMode
from tests.switch.conftest import CITIZEN, Exchange
from tests.switch.pbx import wait_for
from tests.switch.telephone import Telephone, who_hears_whom
from tests.switch.test_calls import state_of, talk

pytestmark = pytest.mark.switch

Seats = dict[str, Telephone]
OnDuty = Callable[[str], Person]


def consulting(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
) -> tuple[Call, Person, Person]:
    """1001 has the citizen on hold and asks 1002."""
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    colleague = on_duty("1002")
    room.consult(agent, call, Target(agent_id=colleague.id))
    seats["1002"].pick_up()
    who_hears_whom({citizen: {"music"}, seats["1001"]: {"1002"}, seats["1002"]: {"1001"}})
    return exchange.call_is(lambda call: call.state is CallState.HELD), agent, colleague


def test_a_colleague_is_consulted_then_all_three_talk_then_the_citizen_is_handed_over(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    call, agent, colleague = consulting(exchange, citizen, seats, on_duty)
    room.bring_together(agent, call)
    who_hears_whom(
        {citizen: {"1001", "1002"}, seats["1001"]: {"citizen", "1002"}, seats["1002"]: {"citizen", "1001"}}
    )
    room.hand_over(agent, exchange.call_is(lambda call: call.state is CallState.TALKING))
    who_hears_whom({citizen: {"1002"}, seats["1002"]: {"citizen"}})
    exchange.call_is(lambda call: call.agent_id == colleague.id)
    wait_for(lambda: state_of(agent) is AgentState.WRAP_UP, 5, "the first agent free")


def test_after_a_consultation_the_agent_goes_back_to_the_citizen(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    call, agent, colleague = consulting(exchange, citizen, seats, on_duty)
    room.send_away(agent, call)
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    wait_for(lambda: state_of(colleague) is AgentState.IDLE, 5, "the colleague idle")


def test_the_agent_hangs_up_in_the_consultation_and_the_colleague_has_the_citizen(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    consulting(exchange, citizen, seats, on_duty)
    seats["1001"].hang_up()
    who_hears_whom({citizen: {"1002"}, seats["1002"]: {"citizen"}})


def test_a_call_is_sent_on_to_a_colleague(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    colleague = on_duty("1002")
    room.transfer(agent, call, Target(agent_id=colleague.id))
    who_hears_whom({citizen: {"music"}})
    seats["1002"].pick_up()
    who_hears_whom({citizen: {"1002"}, seats["1002"]: {"citizen"}})
    assert state_of(agent) is AgentState.WRAP_UP


def test_a_call_is_sent_on_to_a_queue_and_the_next_agent_has_it(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    on_duty("1003")
    room.transfer(agent, call, Target(queue=call.queue))
    seats["1003"].pick_up()
    who_hears_whom({citizen: {"1003"}, seats["1003"]: {"citizen"}})


def test_a_number_outside_is_rung_and_talks_with_the_citizen(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    """The agent has called nobody yet: here the city's one telephone is the outside, and a seat the citizen's part."""
    agent = on_duty("1001")
    services.place_call(agent, CITIZEN)
    seats["1001"].pick_up()
    citizen.pick_up()
    call = exchange.call_is(lambda call: call.state is CallState.TALKING)
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    colleague = on_duty("1002")
    room.transfer(agent, call, Target(agent_id=colleague.id))
    seats["1002"].pick_up()
    who_hears_whom({citizen: {"1002"}, seats["1002"]: {"citizen"}})


def test_a_shift_lead_listens_whispers_comes_in_and_takes_over(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty, lead: Person
):
    on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    services.sign_on(lead, "1003")
    room.listen(lead, call, ListenMode.MONITOR)
    seats["1003"].pick_up()
    listener = seats["1003"]
    who_hears_whom({listener: {"citizen", "1001"}, citizen: {"1001"}, seats["1001"]: {"citizen"}})
    room.listen(lead, call, ListenMode.WHISPER)
    who_hears_whom({listener: {"citizen", "1001"}, citizen: {"1001"}, seats["1001"]: {"citizen", "1003"}})
    room.listen(lead, call, ListenMode.BARGE)
    who_hears_whom(
        {listener: {"citizen", "1001"}, citizen: {"1001", "1003"}, seats["1001"]: {"citizen", "1003"}}
    )
    room.take_over(lead, call)
    who_hears_whom({listener: {"citizen"}, citizen: {"1003"}})
    exchange.call_is(lambda call: call.agent_id == lead.id)


def test_a_paused_recording_holds_nothing_of_the_pause(
    exchange: Exchange, citizen: Telephone, seats: Seats, on_duty: OnDuty
):
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}})
    room.pause_recording(agent, call)
    called_for = 3.0
    wait_for(lambda: _talked(exchange) > called_for, 10, "three seconds of pause")
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)

    def ready() -> Recording | None:
        db.session.rollback()
        wanted = select(Recording).where(Recording.call_id == call.id, Recording.ready_at.is_not(None))
        return db.session.scalars(wanted).one_or_none()

    recording = wait_for(ready, 10, "the recording told")
    assert recording.seconds < (call.talk_seconds or 0) - called_for / 2


def _talked(exchange: Exchange) -> float:
    from config import clock

    call = exchange.newest_call()
    return (
        (clock.now() - call.recording_paused_at).total_seconds() if call and call.recording_paused_at else 0.0
    )


@pytest.fixture
def lead(exchange: Exchange):
    from tests.factories.accounts import make_person

    made = make_person([Role.SHIFT_LEAD])
    db.session.commit()
    yield made
    from tests.switch.conftest import exchange_is_quiet

    for telephone in exchange.telephones:
        telephone.put_down()
    exchange_is_quiet(exchange)
    services.become_idle(made)
    services.sign_off(made)
