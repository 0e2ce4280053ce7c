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
        self.batches: list[list[str]] = []

    async def get(self, path: str) -> Answer:
        return Answer(200, b"")

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.requests += 1
        assert verify(SECRET, body, headers[HEADER])
        told = json.loads(body)
        if path.endswith("/batch"):
            return await self._several(told["events"])
        event = told
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

    async def _several(self, events: list[dict[str, Any]]) -> Answer:
        self.batches.append([event["id"] for event in events])
        status = self.trouble(self.requests)
        await asyncio.sleep(0.01)
        if status == 0:
            raise Unreachable("refused")
        if status is not None:
            return Answer(status, b"no")
        self.taken += events
        return Answer(200, b'{"commands": []}')


def event(call: str, seq: int, kind: str = "leg.held") -> EventMessage:
    return EventMessage(
        id=f"{call}-{seq}", at=moment(), seq=seq, provider="simulator", call=call, leg="l", type=kind
    )


def deliver(hotline: Hotline, events: list[tuple[Any, ...]], chaos: float = 0) -> tuple[list[str], Line]:
    """Send the events; the ids of the commands that came back, as often as they came."""
    acted: list[str] = []

    def act(commands: list[CommandMessage]) -> None:
        acted.extend(command.id for command in commands)

    async def scene() -> Line:
        line = Line(hotline, SECRET, act, Statistics(), Chaos(chaos, Random(1)), NoJournal())
        for one in events:
            line.send(event(*one))
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


RECORD = "bridge.joined"


def test_records_of_all_calls_are_gathered_for_a_moment_and_go_together() -> None:
    hotline = Hotline()
    _acted, line = deliver(hotline, [(f"c{n}", 1, RECORD) for n in range(40)])
    assert hotline.batches == [[f"c{n}-1" for n in range(40)]]
    assert line.unsent == 0


def test_more_records_than_go_into_one_request_go_in_several() -> None:
    hotline = Hotline()
    deliver(hotline, [("a", n, RECORD) for n in range(250)])
    assert [len(batch) for batch in hotline.batches] == [100, 100, 50]
    assert [e["seq"] for e in hotline.taken] == list(range(250))


def test_what_somebody_waits_for_is_not_gathered() -> None:
    async def scene() -> float:
        loop = asyncio.get_running_loop()
        acted_at: list[float] = []
        line = Line(
            Hotline(),
            SECRET,
            lambda commands: acted_at.append(loop.time()),
            Statistics(),
            Chaos(0, Random(1)),
        )
        line.send(event("a", 1, RECORD))
        began = loop.time()
        line.send(event("a", 2, "leg.answered"))
        assert await line.drained(60)
        return acted_at[0] - began

    assert live(scene()) < 0.1


@pytest.mark.parametrize("trouble", [0, 500, 503])
def test_records_are_sent_again_until_they_are_taken(trouble: int) -> None:
    hotline = Hotline(lambda nth: trouble if nth <= 5 else None)
    _acted, line = deliver(hotline, [("a", 1, RECORD), ("b", 1, RECORD)])
    assert hotline.batches == [["a-1", "b-1"]] * 6
    assert line.unsent == 0


@pytest.mark.parametrize("trouble", [404, 413, 422])
def test_records_that_are_refused_together_are_told_one_by_one(trouble: int) -> None:
    """One of them is malformed, they are too long together, or the hotline is older than we are."""
    hotline = Hotline(lambda nth: trouble if nth in (1, 3) else None)
    _acted, line = deliver(hotline, [("a", 1, RECORD), ("b", 1, RECORD), ("c", 1, RECORD)])
    assert [e["id"] for e in hotline.taken] == ["a-1", "c-1"]
    assert line.unsent == 0


def test_chaos_loses_no_record() -> None:
    hotline = Hotline()
    deliver(hotline, [(f"c{n % 7}", n, ("leg.held", RECORD)[n % 2]) for n in range(300)], chaos=0.3)
    assert {e["seq"] for e in hotline.taken} == set(range(300))
