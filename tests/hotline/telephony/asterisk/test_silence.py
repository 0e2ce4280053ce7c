"""Which lines are put down while the trunk's other end does not answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hotline.telephony.asterisk import silence
from hotline.telephony.asterisk.ari import Refused
from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.contract import EventMessage


class Asterisk:
    """From `voices` packets come all the while; of `unknown` it cannot tell."""

    def __init__(self, voices: set[str], unknown: set[str]) -> None:
        self.voices, self.unknown = voices, unknown
        self.packets = 0
        self.put_down: list[str] = []

    async def get(self, path: str, **_params: object) -> dict[str, int]:
        channel = path.split("/")[2]
        if channel in self.unknown:
            raise Refused(404, path)
        self.packets += 1
        return {"rxcount": self.packets if channel in self.voices else 7}

    async def delete(self, path: str, **_params: object) -> None:
        self.put_down.append(path)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "LISTENS_FOR", 0.01)


def after(online: list[bool], until: str | None) -> tuple[list[EventMessage], list[str]]:
    """What is told, and who is put down, after the trunk was so. `until`: the leg whose end is waited for."""

    async def scene() -> None:
        nobody: Any = None
        switch = Switch(
            asterisk, nobody, heard.append, nobody, trunk="trunk", patience=3, hotline_answers=asyncio.Event()
        )  # type: ignore[arg-type]
        call = switch.open_call("call")
        for key in ("speaks", "silent", "unheard"):
            switch.add_leg(call, key, number="+8613900000001").answered = True
        switch.add_leg(call, "rings", number="+8613900000002")
        switch.add_leg(call, "seat", seat="1001").answered = True
        for state in online:
            switch.report_trunk("trunk", state)
        if until is not None:
            async with asyncio.timeout(20):
                while until in switch.legs:
                    await asyncio.sleep(0.01)
        else:
            await asyncio.gather(*switch.tasks)
        switch.report_trunk("trunk", True)
        await asyncio.gather(*switch.tasks)

    heard: list[EventMessage] = []
    asterisk = Asterisk({"speaks", "seat"}, {"unheard"})
    asyncio.run(scene())
    return [event for event in heard if event.type == "leg.ended"], asterisk.put_down


def test_only_who_is_on_the_line_through_it_and_sends_nothing_is_gone() -> None:
    ended, put_down = after([False], until="silent")
    assert [(event.leg, event.cause, event.by) for event in ended] == [("silent", "gone", "switch")]
    assert put_down == ["/channels/silent"]


def test_a_trunk_that_is_back_at_once_loses_nobody() -> None:
    assert after([False, True], until=None) == ([], [])
