"""The scenarios every provider must pass, on a real Asterisk. What needs a second telephone in the city, or one that
withholds its number, is left to the providers whose city is larger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.services.queues import default_queue
from hotline.words import AgentState
from tests.hotline.telephony.suite.scenarios import *  # noqa: F403 - the tests of this module
from tests.hotline.telephony.suite.stage import Stage
from tests.switch.conftest import CITIZEN, Exchange, _online, exchange_is_quiet
from tests.switch.pbx import wait_for
from tests.switch.telephone import Telephone

pytestmark = pytest.mark.switch

del test_a_call_is_sent_on_to_a_number_outside  # noqa: F821 - imported with the others
del test_a_caller_who_withholds_the_number_is_a_caller_like_any_other  # noqa: F821


@dataclass(eq=False)
class OnTheWire:
    """A SIP telephone in one call."""

    telephone: Telephone

    def pick_up(self) -> None:
        self.telephone.pick_up()

    def hang_up(self) -> None:
        self.telephone.hang_up()

    def hears(self) -> set[str]:
        return self.telephone.hears()

    def is_down(self) -> bool:
        return not self.telephone.open_calls()


@dataclass
class AsteriskProvider:
    citizen: Telephone
    seats: dict[str, Telephone]
    name: str = "asterisk"

    def call_in(self, number: str, key: str) -> OnTheWire:
        before = self.citizen.count("CALL_ESTABLISHED")
        self.citizen.dial("12345")
        self.citizen.wait("CALL_ESTABLISHED", before + 1)
        if key:
            self.citizen.press(key)
        return OnTheWire(self.citizen)

    def ringing(self, person: str) -> OnTheWire | None:
        telephone = self.seats.get(person, self.citizen)
        return OnTheWire(telephone) if telephone.rings() else None


class AsteriskStage(Stage):
    """Seats have telephones that register by themselves; their agents go home after each scenario."""

    def on_duty(self, seat: str, role: Role = Role.AGENT) -> Person:
        wait_for(lambda: _online(seat), 40, f"seat {seat} online")
        return super().on_duty(seat, role)

    def go_home(self, exchange: Exchange) -> None:
        for telephone in exchange.telephones:
            telephone.put_down()
        exchange_is_quiet(exchange)
        for person in self.agents.values():
            wait_for(lambda person=person: self.state_of(person) is not AgentState.TALKING, 10, "free")
            services.sign_off(person)
        default_queue().ring_timeout = 15
        db.session.commit()


@pytest.fixture
def stage(exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone]) -> Iterator[Stage]:
    made = AsteriskStage(AsteriskProvider(citizen, seats), CITIZEN)
    yield made
    made.go_home(exchange)
