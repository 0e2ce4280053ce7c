import asyncio
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hotline.telephony.contract import EventMessage, EventType
from hotline.telephony.simulator.habits import Habits, draw_citizen
from tests.hotline.telephony.simulator.scripted_hotline import Rule, Scene, ordinary
from tests.hotline.telephony.simulator.virtual_time import live


def one_call(folder: Path, rule: Rule = ordinary, **traits: Any) -> Scene:
    async def scene() -> Scene:
        it = Scene(folder, rule)
        it.switch.place_call(it.citizen(**traits))
        await it.over()
        return it

    return live(scene())


def nobody_free(event: EventMessage) -> Iterable[dict[str, Any]]:
    return (command for command in ordinary(event) if command["type"] != "ring")


def test_who_hears_enough_of_the_welcome_hangs_up_in_it(tmp_path: Path) -> None:
    it = one_call(tmp_path, hangs_up_in_welcome_after=2.5)
    assert it.story() == ["call.incoming", "leg.answered", "leg.ended"]
    assert it.seconds_between(it.the("leg.answered"), it.the("leg.ended")) == pytest.approx(2.5, abs=0.1)


def test_who_presses_wrong_keys_is_asked_again(tmp_path: Path) -> None:
    it = one_call(tmp_path, wrong_keys="9#")
    assert [e.value for e in it.heard if e.type == "digits"] == ["9", "#", "1"]


def test_who_says_nothing_is_heard_as_silence_after_the_prompt_and_its_time(tmp_path: Path) -> None:
    it = one_call(tmp_path, key="")
    assert it.the("digits").value == ""
    assert it.seconds_between(it.the("prompt.done"), it.the("digits")) == pytest.approx(7, abs=0.1)


def test_who_waits_too_long_hangs_up_in_the_queue(tmp_path: Path) -> None:
    it = one_call(tmp_path, nobody_free, patience=75.0)
    assert it.the("queue.left").reason == "ended"
    assert it.the("queue.left").waited == pytest.approx(75, abs=0.2)
    assert it.the("leg.ended").by == "caller"


def test_a_call_that_nobody_takes_is_given_up(tmp_path: Path) -> None:
    it = one_call(tmp_path, lambda event: ())
    assert it.seconds_between(it.the("call.incoming"), it.the("leg.ended")) == pytest.approx(40, abs=0.1)


def test_who_is_held_for_too_long_hangs_up(tmp_path: Path) -> None:
    def rule(event: EventMessage) -> Iterable[dict[str, Any]]:
        yield from ordinary(event)
        if event.type == "bridge.joined" and event.leg.endswith("-c"):
            yield {"type": "hold", "leg": event.leg}

    it = one_call(tmp_path, rule, hold_patience=60.0)
    assert it.seconds_between(it.the("leg.held"), it.the("leg.ended", "c")) == pytest.approx(60, abs=0.1)


def test_the_agent_may_be_the_first_to_hang_up(tmp_path: Path) -> None:
    it = one_call(tmp_path, hangs_up_first=False)
    assert it.the("leg.ended", "s").by == "agent"
    assert it.the("leg.ended", "c").by == "hotline"


def test_who_is_left_alone_on_the_line_hangs_up_after_a_while(tmp_path: Path) -> None:
    def deaf(event: EventMessage) -> Iterable[dict[str, Any]]:
        return (command for command in ordinary(event) if command["type"] != "hangup")

    it = one_call(tmp_path, deaf, hangs_up_first=False)
    assert it.seconds_between(it.the("leg.ended", "s"), it.the("leg.ended", "c")) == pytest.approx(8, abs=0.1)


def test_a_real_agent_decides_when_the_talk_is_over(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        it.switch.simulated_seats = frozenset()
        call = it.switch.place_call(it.citizen(talk=5.0))
        await asyncio.sleep(12)
        it.order(call.id, {"type": "answer", "leg": f"{call.id}-s"})
        await asyncio.sleep(300)
        assert not [e for e in it.heard if e.type == "leg.ended"]
        it.order(call.id, {"type": "hangup", "leg": f"{call.id}-s"})
        await it.over()
        return it

    it = live(scene())
    assert it.the("leg.ended", "s").by == "hotline"


def test_a_morning_of_calls_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Forty calls onto one seat: some talk, some give up, nobody is forgotten."""

    def rule(event: EventMessage) -> Iterable[dict[str, Any]]:
        return ordinary(event)

    async def morning() -> list[tuple[str, str | None]]:
        it = Scene(tmp_path, rule, Habits())
        chance = Random(7)
        for number in range(40):
            it.switch.place_call(draw_citizen(chance, f"+86125{number:08d}", it.habits))
        await it.over()
        assert len({e.leg for e in it.heard if e.type is EventType.LEG_ENDED}) == len(
            [e for e in it.heard if e.type in (EventType.CALL_INCOMING, EventType.LEG_RINGING)]
            + [e for e in it.heard if e.cause == "busy"]
        )
        return [(str(e.type), e.cause) for e in it.heard]

    assert live(morning()) == live(morning())
