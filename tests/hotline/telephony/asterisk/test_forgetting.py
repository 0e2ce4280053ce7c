"""Which calls are remembered as over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.contract import CommandMessage, EventMessage

RING = CommandMessage(id="c", call="kept", type="ring", seat="1002", leg="second")


def after(heard: list[EventMessage], *legs: dict[str, str]) -> Switch:
    """A switch on which a call with these legs is over."""
    nobody: Any = None  # neither Asterisk, prompts nor tapes are asked for anything here
    switch = Switch(nobody, nobody, heard.append, nobody, trunk="trunk", patience=3)
    call = switch.open_call("kept")
    made = [switch.add_leg(call, f"leg{n}", **about) for n, about in enumerate(legs)]
    for leg in made:
        switch.ended(leg, cause="normal", by="hotline")
    return switch


@pytest.mark.parametrize(
    ("legs", "rings"),
    [([{"seat": "1001"}], True), ([{"seat": "1001"}, {"number": "+8613912340042"}], False)],
    ids=["only an agent was rung", "the citizen was there"],
)
def test_the_next_ring_of_a_call(legs: list[dict[str, str]], rings: bool) -> None:
    async def scene() -> list[EventMessage]:
        heard: list[EventMessage] = []
        switch = after(heard, *legs)
        assert (switch._call_for(RING) is not None) is rings
        return heard

    heard = asyncio.run(scene())
    assert [event.cause for event in heard if event.leg == "second"] == ([] if rings else ["call_over"])
