"""What a caller is played and presses, against an Asterisk that only remembers what it was asked."""

import asyncio
from typing import Any

from hotline.telephony.asterisk.media import Heard, Media
from tests.hotline.telephony.simulator.virtual_time import live


class Asterisk:
    def __init__(self) -> None:
        self.played: list[str] = []
        self.stopped: list[str] = []

    async def post(self, path: str, body: Any = None, **params: Any) -> None:
        self.played.append(path.rpartition("/")[2])

    async def delete(self, path: str, **params: Any) -> None:
        self.stopped.append(path.rpartition("/")[2])


class Scene:
    def __init__(self) -> None:
        self.asterisk = Asterisk()
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.media = Media(self.asterisk, "leg", lambda kind, **facts: self.told.append((kind, facts)))

    async def press(self, keys: str, pause: float = 0.5) -> None:
        for key in keys:
            await asyncio.sleep(pause)
            self.media.key(key)

    async def until_told(self, times: int = 1) -> None:
        while len(self.told) < times:
            await asyncio.sleep(0.01)


def menu(keys: int = 1, **more: Any) -> Heard:
    return Heard("menu", "sound:/menu", keys=keys, timeout=3.0, **more)


def test_a_key_cuts_the_prompt_short() -> None:
    async def scene() -> Scene:
        made = Scene()
        made.media.add(menu())
        await made.press("1")
        await made.until_told()
        return made

    made = live(scene())
    assert made.told == [("digits", {"value": "1", "prompt": "menu"})]
    assert made.asterisk.stopped == made.asterisk.played


def test_silence_after_the_prompt_is_told_as_no_keys() -> None:
    async def scene() -> Scene:
        made = Scene()
        made.media.add(menu())
        await asyncio.sleep(2)
        made.media.finished("leg.p1")
        await asyncio.sleep(2.9)
        assert made.told == []
        await made.until_told()
        return made

    assert live(scene()).told == [("digits", {"value": "", "prompt": "menu"})]


def test_a_number_is_taken_when_full_when_ended_and_when_nobody_goes_on() -> None:
    async def pressing(heard: Heard, keys: str) -> Any:
        made = Scene()
        made.media.add(heard)
        await made.press(keys)
        await made.until_told()
        return made.told[0][1]["value"]

    assert live(pressing(menu(keys=4), "12345")) == "1234"
    assert live(pressing(menu(keys=10, finish="#"), "4711#")) == "4711"
    assert live(pressing(menu(keys=10), "47")) == "47"


def test_a_flood_of_keys_fills_no_memory() -> None:
    async def scene() -> Scene:
        made = Scene()
        for _ in range(10_000):
            made.media.key("7")
        made.media.add(menu())
        await made.until_told()
        return made

    assert live(scene()).told == [("digits", {"value": "7", "prompt": "menu"})]


def test_a_leg_that_is_put_through_hears_nothing_more() -> None:
    async def scene() -> Scene:
        made = Scene()
        made.media.add(menu())
        made.media.add(Heard("second", "sound:/second"))
        await asyncio.sleep(1)
        made.media.silence()
        await asyncio.sleep(10)
        return made

    made = live(scene())
    assert made.told == []
    assert made.asterisk.played == made.asterisk.stopped == ["leg.p1"]


def test_a_prompt_that_is_missing_is_over_at_once() -> None:
    async def scene() -> Scene:
        made = Scene()
        made.media.add(Heard("nothing", None))
        await made.until_told()
        return made

    assert live(scene()).told == [("prompt.done", {"prompt": "nothing"})]
