"""Who calls while no switch agent is there, and is gone before one is back, is accounted all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from config.extensions import db
from hotline.models import Call, CallEvent, CallLeg
from hotline.words import Direction, EndReason
from tests.switch.conftest import CITIZEN, Exchange
from tests.switch.pbx import wait_for
from tests.switch.telephone import Telephone
from tests.switch.test_faults import next_agent

pytestmark = pytest.mark.switch


@pytest.fixture
def nobody_there(exchange: Exchange) -> Callable[[], int]:
    """The switch's agent process dies; → how many calls are known by then."""

    def so() -> int:
        exchange.hotline.kill("switch")
        return calls_known()

    return so


def calls_known() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Call)) or 0


def test_who_hears_the_apology_and_hangs_up_is_accounted_when_an_agent_process_is_back_and_only_once(
    exchange: Exchange, citizen: Telephone, nobody_there: Callable[[], int]
):
    before = nobody_there()
    established = citizen.count("CALL_ESTABLISHED")
    citizen.dial("12345")
    citizen.wait("CALL_ESTABLISHED", established + 1, 30)
    citizen.put_down()
    next_agent(exchange)
    wait_for(
        lambda: calls_known() > before, 20, lambda: f"the call ({exchange.hotline.log('switch')[-3000:]})"
    )
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert (call.end_reason, call.direction, call.dialled) == (EndReason.FAILED, Direction.IN, "12345")
    assert call.caller_number.endswith(CITIZEN)
    assert 13 <= (call.ended_at - call.arrived_at).total_seconds() <= 25, (
        "as long as it rang before the apology"
    )
    leg = db.session.scalars(select(CallLeg).where(CallLeg.call_id == call.id)).one()
    assert (leg.end_cause, leg.end_by) == ("fallback", "switch")
    exchange.hotline.kill("switch")
    looked = exchange.hotline.log("switch").count("reconciled")
    next_agent(exchange)
    assert exchange.hotline.log("switch").count("reconciled") > looked
    assert calls_known() == before + 1


def test_whom_the_fallback_number_takes_stands_there_as_answered(
    exchange: Exchange, citizen: Telephone, nobody_there: Callable[[], int]
):
    """The citizen's telephone is also the carrier's end: the fallback call rings there."""
    before = nobody_there()
    established = citizen.count("CALL_ESTABLISHED")
    citizen.dial("12345")
    citizen.wait("CALL_ESTABLISHED", established + 1, 30)
    wait_for(citizen.rings, 30, "the fallback number rings")
    citizen.pick_up()
    citizen.put_down()
    wait_for(lambda: any(" answered " in line for line in written(exchange)), 20, "the line of the talk")
    next_agent(exchange)
    wait_for(lambda: calls_known() > before, 20, "the call")
    call = exchange.call_is(lambda call: call.ended_at is not None)
    wait_for(lambda: taken_at_the_fallback(call.id) == 1, 20, "that it was taken there")


def taken_at_the_fallback(call_id: int) -> int:
    db.session.rollback()
    found = select(func.count()).where(CallEvent.call_id == call_id, CallEvent.type == "fallback.answered")
    return db.session.scalar(found) or 0


def test_who_gives_up_while_it_still_rings_is_accounted_as_well(
    exchange: Exchange, citizen: Telephone, nobody_there: Callable[[], int]
):
    before = nobody_there()
    ringing = citizen.count("CALL_RINGING")
    citizen.dial("12345")
    citizen.wait("CALL_RINGING", ringing + 1, 10)
    citizen.put_down()
    next_agent(exchange)
    wait_for(lambda: calls_known() > before, 20, "the call")
    call = exchange.call_is(lambda call: call.ended_at is not None)
    leg = db.session.scalars(select(CallLeg).where(CallLeg.call_id == call.id)).one()
    assert (call.end_reason, leg.end_by) == (EndReason.FAILED, "caller")


def test_who_is_taken_after_all_stands_on_no_list(
    exchange: Exchange, citizen: Telephone, nobody_there: Callable[[], int]
):
    before = nobody_there()
    ringing, established = citizen.count("CALL_RINGING"), citizen.count("CALL_ESTABLISHED")
    citizen.dial("12345")
    citizen.wait("CALL_RINGING", ringing + 1, 10)
    next_agent(exchange)
    citizen.wait("CALL_ESTABLISHED", established + 1, 30)
    exchange.call_is(lambda call: call.ended_at is None)
    citizen.put_down()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert calls_known() == before + 1
    gave_up = [line.split(" ")[0] for line in written(exchange) if " caller " in line]
    assert call.provider_call not in gave_up


def written(exchange: Exchange) -> list[str]:
    files = sorted((exchange.pbx.folder / "spool" / "recording").glob("unattended-*.wav"))
    return [line for path in files for line in path.read_text().splitlines()]
