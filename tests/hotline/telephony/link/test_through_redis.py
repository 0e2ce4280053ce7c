"""What the simulator keeps in Redis and takes out of it, against a real one."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from flask import Flask
from redis import Redis as PlainRedis
from redis.asyncio import Redis

from config import clock, ids
from config.extensions import redis_client
from hotline.telephony.contract import CommandMessage, EventMessage
from hotline.telephony.link import mailbox
from hotline.telephony.link.journal import Journal
from hotline.telephony.link.tasks import end
from hotline.telephony.streams import commands_of, requests_of

COMMANDS, REQUESTS = commands_of("simulator"), requests_of("simulator")


@pytest.fixture
def url(app: Flask) -> str:
    return app.config["SETTINGS"].redis_url


def event(kind: str, leg: str, **facts: Any) -> EventMessage:
    about = {"id": ids.new_id(), "at": clock.now(), "provider": "simulator", "call": "call-1", "leg": leg}
    return EventMessage.model_validate({**about, "type": kind, **facts})


def test_a_leg_whose_end_was_never_delivered_is_reported_as_lost(url: str) -> None:
    async def scene() -> list[EventMessage]:
        async with Redis.from_url(url) as client:
            before = Journal(client, "simulator")
            for told in (
                event("call.incoming", "citizen"),
                event("leg.ringing", "seat-1"),
                event("leg.ringing", "seat-2"),
                event("leg.answered", "seat-2"),
            ):
                await before.before(told)
                await before.after(told)
            await before.after(event("leg.ended", "seat-1", cause="no_answer"))
            return await Journal(client, "simulator").lost()

    lost = asyncio.run(scene())
    assert {(e.call, e.leg, e.cause) for e in lost} == {
        ("call-1", "citizen", "lost"),
        ("call-1", "seat-2", "lost"),
    }
    assert all(e.seq > 10_000 for e in lost)


def test_once_the_loss_is_delivered_it_is_not_reported_again(url: str) -> None:
    async def scene() -> list[EventMessage]:
        async with Redis.from_url(url) as client:
            journal = Journal(client, "simulator")
            await journal.before(event("call.incoming", "citizen"))
            for told in await journal.lost():
                await journal.after(told)
            return await journal.lost()

    assert asyncio.run(scene()) == []


def test_without_redis_the_journal_complains_and_the_calls_go_on() -> None:
    async def scene() -> None:
        async with Redis.from_url("redis://127.0.0.1:1") as nobody:
            await Journal(nobody, "simulator").before(event("call.incoming", "citizen"))
            await Journal(nobody, "simulator").after(event("leg.ended", "citizen", cause="normal"))

    asyncio.run(scene())


class Switch:
    def __init__(self) -> None:
        self.obeyed: list[str] = []

    def obey(self, commands: list[CommandMessage]) -> None:
        self.obeyed.extend(command.id for command in commands)


class Line:
    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.heard = asyncio.Event()

    async def acknowledge(self, command_ids: list[str]) -> None:
        self.acknowledged.extend(command_ids)
        self.heard.set()


async def reading(doing: Coroutine[Any, Any, None], put: Callable[[], Any], heard: asyncio.Event) -> None:
    """Let `doing` read the stream, and put something into it until it was heard of."""
    task = asyncio.create_task(doing)
    async with asyncio.timeout(10):
        while not heard.is_set():
            await asyncio.to_thread(put)
            await asyncio.wait([asyncio.create_task(heard.wait())], timeout=0.2)
    await end([task])


def test_mid_call_commands_are_obeyed_and_acknowledged_and_rubbish_is_passed_over(url: str) -> None:
    switch = Switch()
    stream: PlainRedis = redis_client()
    stream.xadd(COMMANDS, {"command": json.dumps({"id": "old", "call": "c", "type": "hangup"})})

    def put() -> None:
        with stream.pipeline() as together:
            together.xadd(COMMANDS, {"command": "{}"})
            together.xadd(COMMANDS, {"what": "else"})
            together.xadd(COMMANDS, {"command": json.dumps({"id": "c1", "call": "c", "type": "hold"})})
            together.execute()

    async def scene() -> Line:
        line = Line()
        async with Redis.from_url(url) as client:
            await reading(mailbox.take_commands(client, "simulator", switch.obey, line), put, line.heard)
        return line

    line = asyncio.run(scene())
    assert set(switch.obeyed) == {"c1"}, "what was pushed before our world began is not ours"
    assert set(line.acknowledged) == {"c1"}


def test_nothing_is_obeyed_before_the_calls_are_known_and_nothing_is_lost_by_waiting(url: str) -> None:
    switch, line = Switch(), Line()
    command = {"command": json.dumps({"id": "c1", "call": "c", "type": "hangup", "leg": "l"})}

    async def scene() -> list[str]:
        async with Redis.from_url(url) as client:
            ready = asyncio.Event()
            taking = asyncio.create_task(mailbox.take_commands(client, "simulator", switch.obey, line, ready))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(redis_client().xadd, COMMANDS, command)
            await asyncio.sleep(0.2)
            early = list(switch.obeyed)
            ready.set()
            async with asyncio.timeout(10):
                await line.heard.wait()
            await end([taking])
            return early

    assert asyncio.run(scene()) == []
    assert switch.obeyed == ["c1"]


def test_requests_to_ring_somebody_are_handed_on(url: str) -> None:
    taken: list[dict[str, str]] = []

    async def scene() -> None:
        heard = asyncio.Event()

        def act(request: dict[str, str]) -> None:
            taken.append(request)
            heard.set()

        async with Redis.from_url(url) as client:
            put = lambda: redis_client().xadd(REQUESTS, {"kind": "ring_me", "seat": "1001"})  # noqa: E731
            await reading(mailbox.take_requests(client, "simulator", act), put, heard)

    asyncio.run(scene())
    assert taken[0] == {"kind": "ring_me", "seat": "1001"}
