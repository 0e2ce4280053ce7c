"""Asterisk's one door for its interface and for browsers' telephones: who holds a place there shuts nobody out."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

import httpx
import pytest

from accounts.models import Person
from tests.switch.conftest import Exchange
from tests.switch.telephone import Telephone, who_hears_whom
from tests.switch.test_calls import talk

pytestmark = pytest.mark.switch

PRESET = 100
"""So many sessions Asterisk has at once if nobody tells it otherwise."""


def test_as_many_browsers_as_asterisk_takes_by_itself_leave_a_place_for_calls(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person]
):
    on_duty("1001")
    with ExitStack() as held:
        for _ in range(PRESET):
            held.enter_context(socket.create_connection(("127.0.0.1", exchange.pbx.ari_port)))
        info = f"http://127.0.0.1:{exchange.pbx.ari_port}/ari/asterisk/info"
        assert httpx.get(info).status_code == 401, "it answers, and asks who we are"
        talk(exchange, citizen, seats["1001"])
        who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    citizen.hang_up()
    assert "session count exceeded" not in exchange.pbx.log()
