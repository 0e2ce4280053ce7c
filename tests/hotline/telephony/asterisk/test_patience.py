"""How long a caller is kept who hears it ring, while the hotline does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from hotline.telephony.asterisk import news
from hotline.telephony.asterisk.model import Leg
from hotline.telephony.asterisk.news import apologise_unless_answered
from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.contract import EventMessage


class Asterisk:
    """Remembers whom it was to send away."""

    def __init__(self) -> None:
        self.sent_on: list[str] = []

    async def post(self, path: str, _body: Any = None, **_params: Any) -> None:
        self.sent_on.append(path)


def scene(play: Callable[[Switch, Leg, Asterisk], Coroutine[Any, Any, None]]) -> list[EventMessage]:
    """A caller rings at an agent process that has just begun."""

    async def run() -> None:
        asterisk, nobody = Asterisk(), None
        parts: Any = (asterisk, nobody, heard.append, nobody)
        switch = Switch(*parts, trunk="trunk", patience=0.01, hotline_answers=asyncio.Event())
        await play(switch, switch.add_leg(switch.open_call("c"), "c", number="+8613912340042"), asterisk)

    heard: list[EventMessage] = []
    asyncio.run(run())
    return heard


def test_while_the_web_starts_beside_us_the_caller_waits_and_is_then_taken() -> None:
    async def play(switch: Switch, leg: Leg, asterisk: Asterisk) -> None:
        kept = asyncio.create_task(apologise_unless_answered(switch, leg))
        done, _waiting = await asyncio.wait({kept}, timeout=20 * switch.patience)
        assert not done
        switch.patience = 0.2
        switch.hotline_answers.set()
        await asyncio.sleep(0)
        assert asterisk.sent_on == []
        switch.answered(leg)
        await kept
        assert asterisk.sent_on == []

    assert [event.type for event in scene(play)] == ["leg.answered"]


def test_once_it_has_answered_a_caller_is_told_at_the_usual_time_that_it_does_not() -> None:
    async def play(switch: Switch, leg: Leg, asterisk: Asterisk) -> None:
        switch.hotline_answers.set()
        await apologise_unless_answered(switch, leg)
        assert asterisk.sent_on == ["/channels/c/continue"]

    assert [event.cause for event in scene(play)] == ["fallback"]


def test_one_that_never_starts_is_not_waited_for_any_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "STARTS_WITHIN", 0.05)

    async def play(switch: Switch, leg: Leg, asterisk: Asterisk) -> None:
        await apologise_unless_answered(switch, leg)
        assert asterisk.sent_on == ["/channels/c/continue"]

    assert [event.cause for event in scene(play)] == ["fallback"]
