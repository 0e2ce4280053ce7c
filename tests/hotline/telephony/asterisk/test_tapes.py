"""A Redis that hangs delays no recording, and is told of it when it answers again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis as Client

from config.embedded.redis import Redis
from hotline.telephony.asterisk import tapes as under_test
from hotline.telephony.asterisk.tapes import Tapes


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(under_test, "PATIENCE", 0.2)
    server = Redis(tmp_path, durable=False)
    server.start()
    yield server
    if server.process is not None:
        server.process.send_signal(signal.SIGCONT)
    server.stop()


def acted(server: Redis, play: Callable[[Tapes, Client], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with Client.from_url(server.url) as client:
            await client.ping()
            tapes = Tapes(client, "asterisk")
            found = await play(tapes, client)
            await tapes.close()
            return found

    return asyncio.run(whole())


async def kept(client: Client) -> set[str]:
    return {name.decode() for name in await client.smembers("telephony:asterisk:tapes")}


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)


def test_a_recording_that_begins_while_redis_hangs_is_known_to_it_afterwards(server):
    async def play(tapes: Tapes, client: Client) -> None:
        server.process.send_signal(signal.SIGSTOP)
        tapes.begun("c-1.r1")  # not awaited: the orders of its call go on
        tapes.begun("c-2.r2")
        tapes.told("c-2.r2")
        assert await tapes.untold() == {"c-1.r1"}, "known here meanwhile"
        server.process.send_signal(signal.SIGCONT)

        async def is_told() -> bool:
            return await kept(client) == {"c-1.r1"}

        await until(is_told)

    acted(server, play)


def test_one_whose_end_was_told_is_forgotten(server):
    async def play(tapes: Tapes, client: Client) -> set[str]:
        tapes.begun("c-1.r1")
        await until(lambda: _is(client, {"c-1.r1"}))
        tapes.told("c-1.r1")
        await until(lambda: _is(client, set()))
        return await tapes.untold()

    assert acted(server, play) == set()


def test_a_start_of_ours_does_not_wait_for_a_redis_that_hangs(server):
    async def play(tapes: Tapes, _client: Client) -> float:
        loop = asyncio.get_running_loop()
        server.process.send_signal(signal.SIGSTOP)
        began = loop.time()
        assert await tapes.untold() == set()
        return loop.time() - began

    assert acted(server, play) < 3, "five seconds are the client's own patience"


def test_what_was_told_just_before_the_process_leaves_is_written(server):
    async def play(tapes: Tapes, client: Client) -> set[str]:
        tapes.begun("c-1.r1")
        await tapes.close()
        return await kept(client)

    assert acted(server, play) == {"c-1.r1"}


async def _is(client: Client, names: set[str]) -> bool:
    return await kept(client) == names
