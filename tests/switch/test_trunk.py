"""The carrier's end of the trunk dies in the middle of calls: they end, agents are free, the floor knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from config.extensions import db
from hotline import services
from hotline.models import Call, CallLeg, Trunk
from hotline.queries import trunks_down
from hotline.words import AgentState, CallState, EndReason
from tests.switch.conftest import CARRIER, Exchange
from tests.switch.pbx import free_sip_port, wait_for
from tests.switch.telephone import Telephone, who_hears_whom
from tests.switch.test_calls import state_of, talk

pytestmark = pytest.mark.switch

NOTICED_S = 30
SILENT_S = 60
"""`rtp_timeout` of the trunk: so long a call lives without voice."""


@pytest.fixture
def carrier(exchange: Exchange, citizen: Telephone) -> Iterator[Telephone]:
    """The citizen's telephone, which is the far end of the trunk as well; alive again afterwards."""
    wait_for(exchange.trunk_is_up, 45, "the trunk")
    yield citizen
    if citizen.is_dead:
        citizen.start()
    wait_for(exchange.trunk_is_up, 45, "the trunk is back")


@pytest.fixture
def others(exchange: Exchange, tmp_path: Path) -> Iterator[list[Telephone]]:
    """Two more citizens behind the same carrier."""
    made = [
        Telephone(
            tmp_path / number, number, exchange.registrar, tone="other", address=CARRIER, port=free_sip_port()
        ).start()
        for number in ("13800139001", "13800139002")
    ]
    yield made
    for telephone in made:
        telephone.stop()


def live_calls() -> list[Call]:
    db.session.rollback()
    return list(db.session.scalars(select(Call).where(Call.ended_at.is_(None)).order_by(Call.id)))


def the_trunk() -> Trunk:
    db.session.rollback()
    return db.session.scalars(select(Trunk)).one()


def test_the_carrier_dies_among_a_talk_and_callers_who_wait(
    exchange: Exchange,
    carrier: Telephone,
    others: list[Telephone],
    seats: dict[str, Telephone],
    on_duty: Callable[[str], Person],
):
    agent = on_duty("1001")
    wait_for(lambda: the_trunk().online, 20, "told that the line is there")
    fell = the_trunk().fell_times
    talk(exchange, carrier, seats["1001"])
    who_hears_whom({carrier: {"1001"}, seats["1001"]: {"citizen"}})
    for other in others:
        other.dial("12345")
    wait_for(lambda: len(live_calls()) == 3, 20, "two more calls")
    wait_for(lambda: {call.state for call in live_calls()[1:]} == {CallState.QUEUED}, 30, "two who wait")
    ids = [call.id for call in live_calls()]
    for telephone in (carrier, *others):
        telephone.die()
    wait_for(lambda: not the_trunk().online, NOTICED_S, "told that the line is gone")
    assert the_trunk().fell_times == fell + 1
    assert [trunk.name for trunk in trunks_down()] == ["trunk"]
    assert "trunk_down" in exchange.hotline.log("web")
    wait_for(
        lambda: not live_calls(), SILENT_S + 30, lambda: f"over: {[vars(c) for c in live_calls()]}; they"
    )
    ended = list(db.session.scalars(select(Call).where(Call.id.in_(ids))))
    assert {call.end_reason for call in ended} == {EndReason.FAILED}
    causes = select(func.count()).where(
        CallLeg.call_id.in_(ids), CallLeg.agent_id.is_(None), CallLeg.end_cause == "gone"
    )
    assert db.session.scalar(causes) == 3
    wait_for(lambda: state_of(agent) is AgentState.WRAP_UP, 10, "the agent wraps up")
    wait_for(lambda: not seats["1001"].open_calls(), 10, "the seat's telephone down")

    services.finish_wrap_up(agent)
    carrier.start()
    wait_for(lambda: the_trunk().online, NOTICED_S, "told that the line is back")
    talk(exchange, carrier, seats["1001"])
    who_hears_whom({carrier: {"1001"}, seats["1001"]: {"citizen"}})
    carrier.hang_up()
