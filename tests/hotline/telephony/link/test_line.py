import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from hotline.telephony.contract import CommandMessage, EventMessage
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.line import Line
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.wire import Answer, Unreachable
from hotline.telephony.signature import HEADER, verify
from tests.hotline.telephony.simulator.virtual_time import live, moment

SECRET = "between us"


class NoJournal:
    async def before(self, event: EventMessage) -> None: ...

    async def after(self, event: EventMessage) -> None: ...


class Hotline:
    """Answers each event with one command named after it, unless `trouble(nth request)` says otherwise."""

    def __init__(self, trouble: Callable[[int], int | None] = lambda nth: None) -> None:
        self.trouble = trouble
        self.requests = 0
        self.under_way: Counter[str] = Counter()
        self.most_under_way: defaultdict[str, int] = defaultdict(int)
        self.taken: list[dict[str, Any]] = []

    async def get(self, path: str) -> Answer:
        return Answer(200, b"")

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.requests += 1
        assert verify(SECRET, body, headers[HEADER])
        event = json.loads(body)
        call = event["call"]
        self.under_way[call] += 1
        self.most_under_way[call] = max(self.most_under_way[call], self.under_way[call])
        status = self.trouble(self.requests)
        await asyncio.sleep(0.01)
        self.under_way[call] -= 1
        if status == 0:
            raise Unreachable("refused")
        if status is not None:
            return Answer(status, b"no")
        self.taken.append(event)
        command = {"id": f"for-{event['id']}", "call": call, "type": "answer"}
        return Answer(200, json.dumps({"commands": [command]}).encode())


def event(call: str, seq: int) -> EventMessage:
    return EventMessage(
        id=f"{call}-{seq}", at=moment(), seq=seq, provider="simulator", call=call, leg="l", type="leg.held"
    )


def deliver(hotline: Hotline, events: list[tuple[str, int]], chaos: float = 0) -> tuple[list[str], Line]:
    """Send the events; the ids of the commands that came back, as often as they came."""
    acted: list[str] = []

    def act(commands: list[CommandMessage]) -> None:
        acted.extend(command.id for command in commands)

    async def scene() -> Line:
        line = Line(hotline, SECRET, act, Statistics(), Chaos(chaos, Random(1)), NoJournal())
        for call, seq in events:
            line.send(event(call, seq))
        assert await line.drained(3600)
        return line

    line = live(scene())
    return acted, line


MANY = [(f"call-{number % 5}", number // 5) for number in range(50)]


def test_events_of_a_call_go_one_after_the_other_in_order() -> None:
    hotline = Hotline()
    deliver(hotline, MANY)
    assert set(hotline.most_under_way.values()) == {1}
    for call in {call for call, _ in MANY}:
        assert [e["seq"] for e in hotline.taken if e["call"] == call] == list(range(10))


def test_the_commands_of_each_answer_are_acted_on() -> None:
    acted, _ = deliver(Hotline(), [("a", 1), ("a", 2)])
    assert acted == ["for-a-1", "for-a-2"]


@pytest.mark.parametrize("trouble", [0, 500, 502, 503, 401, 429])
def test_an_event_is_sent_again_until_it_is_answered(trouble: int) -> None:
    hotline = Hotline(lambda nth: trouble if nth <= 7 else None)
    acted, line = deliver(hotline, [("a", 1), ("a", 2)])
    assert [e["id"] for e in hotline.taken] == ["a-1", "a-2"]
    assert acted == ["for-a-1", "for-a-2"]
    assert hotline.requests == 9
    assert not line.is_down


def test_after_a_few_failures_the_line_counts_as_down() -> None:
    async def scene() -> bool:
        away = Hotline(lambda nth: 0)
        line = Line(away, SECRET, lambda commands: None, Statistics(), Chaos(0, Random(1)), NoJournal())
        line.send(event("a", 1))
        assert not await line.drained(10)
        assert line.unsent == 1
        await line.close()
        return line.is_down

    assert live(scene())


def test_an_event_that_the_hotline_refuses_does_not_stop_the_next() -> None:
    hotline = Hotline(lambda nth: 422 if nth == 1 else None)
    acted, _ = deliver(hotline, [("a", 1), ("a", 2)])
    assert acted == ["for-a-2"]


def test_chaos_doubles_reorders_and_loses_but_everything_arrives() -> None:
    hotline = Hotline()
    acted, _ = deliver(hotline, MANY, chaos=0.3)
    assert {e["id"] for e in hotline.taken} == {f"{call}-{seq}" for call, seq in MANY}
    assert len(hotline.taken) > len(MANY)
    assert max(hotline.most_under_way.values()) > 1
    assert set(acted) == {f"for-{call}-{seq}" for call, seq in MANY}
    orders = [[e["seq"] for e in hotline.taken if e["call"] == f"call-{n}"] for n in range(5)]
    assert any(order != sorted(order) for order in orders)


def test_once_the_hotline_is_back_nobody_waits_out_their_pause() -> None:
    """A hundred calls fail for a minute; all are told in the moment in which the first gets through."""
    back_at = 60.0

    async def scene() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        hotline = Hotline(lambda nth: 0 if loop.time() - began < back_at else None)
        line = Line(hotline, SECRET, lambda commands: None, Statistics(), Chaos(0, Random(1)))
        for call in range(100):
            line.send(event(f"c{call}", 1))
        assert await line.drained(3600)
        return loop.time() - began

    assert live(scene()) < back_at + 1.5
