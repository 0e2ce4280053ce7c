"""Which calls are remembered as over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hotline.telephony.asterisk.news import hear
from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.contract import CommandMessage, EventMessage

RING = CommandMessage(id="c", call="kept", type="ring", seat="1002", leg="second")


def after(heard: list[EventMessage], *legs: dict[str, str]) -> Switch:
    """A switch on which a call with these legs is over."""
    nobody: Any = None  # neither Asterisk, prompts nor tapes are asked for anything here
    switch = Switch(
        nobody, nobody, heard.append, nobody, trunk="trunk", patience=3, hotline_answers=asyncio.Event()
    )
    call = switch.open_call("kept")
    made = [switch.add_leg(call, f"leg{n}", **about) for n, about in enumerate(legs)]
    for leg in made:
        switch.ended(leg, cause="normal", by="hotline")
    return switch


@pytest.mark.parametrize(
    ("legs", "rings"),
    [
        ([{"seat": "1001"}], True),
        ([{"number": "+8613900000001", "role": "agent"}], True),
        ([{"seat": "1001"}, {"number": "+8613912340042"}], False),
        ([{"seat": "1001"}, {"number": "+8613912340042", "role": "citizen"}], False),
    ],
    ids=[
        "only an agent was rung",
        "only an agent who forwards was rung",
        "the citizen was there",
        "the citizen was called",
    ],
)
def test_the_next_ring_of_a_call(legs: list[dict[str, str]], rings: bool) -> None:
    async def scene() -> list[EventMessage]:
        heard: list[EventMessage] = []
        switch = after(heard, *legs)
        assert (switch._call_for(RING) is not None) is rings
        return heard

    heard = asyncio.run(scene())
    assert [event.cause for event in heard if event.leg == "second"] == ([] if rings else ["call_over"])


@pytest.mark.parametrize(
    ("role", "answered", "told"),
    [
        ("agent", False, ("no_answer", "agent")),
        ("agent", True, ("normal", "agent")),
        ("citizen", True, ("normal", "caller")),
    ],
)
def test_who_forwards_hangs_up_and_lets_it_ring_as_an_agent(
    role: str, answered: bool, told: tuple[str, str]
) -> None:
    async def scene() -> EventMessage:
        heard: list[EventMessage] = []
        nobody: Any = None
        switch = Switch(
            nobody, nobody, heard.append, nobody, trunk="trunk", patience=3, hotline_answers=asyncio.Event()
        )
        leg = switch.add_leg(switch.open_call("kept"), "first", number="+8613900000001", role=role)
        leg.answered = answered
        hear(switch, {"type": "ChannelDestroyed", "channel": {"id": "first"}, "cause": 16})
        return heard[-1]

    ended = asyncio.run(scene())
    assert (ended.cause, ended.by) == told


@pytest.mark.parametrize(("rings", "cause"), [(True, "no_answer"), (False, "unreachable")])
@pytest.mark.parametrize("number", [16, 18, 19])
def test_a_seat_that_never_rang_has_let_nothing_ring(rings: bool, cause: str, number: int) -> None:
    async def scene() -> EventMessage:
        heard: list[EventMessage] = []
        nobody: Any = None
        switch = Switch(
            nobody, nobody, heard.append, nobody, trunk="trunk", patience=3, hotline_answers=asyncio.Event()
        )
        switch.add_leg(switch.open_call("kept"), "first", seat="1001")
        if rings:
            hear(switch, {"type": "ChannelStateChange", "channel": {"id": "first", "state": "Ringing"}})
        hear(switch, {"type": "ChannelDestroyed", "channel": {"id": "first"}, "cause": number})
        return heard[-1]

    assert asyncio.run(scene()).cause == cause
