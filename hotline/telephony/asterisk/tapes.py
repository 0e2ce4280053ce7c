"""The names of recordings under way, kept in Redis, so that one that ends while no agent listens is not forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hotline.telephony.link.tasks import end

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
PATIENCE = 1.0
"""Seconds for which a start of ours, with calls to take over, waits for Redis to name the recordings."""


class Tapes:
    """A set of names, written beside: a recording begins, and what else its call was told goes on, whether Redis
    answers, is away or hangs. What it has not been told waits here until it can be, so only a process that dies during
    an outage forgets a recording."""

    def __init__(self, client: Redis, provider: str) -> None:
        self._client = client
        self._key = f"telephony:{provider}:tapes"
        self._unwritten: dict[str, bool] = {}
        self._writer: asyncio.Task[None] | None = None

    def begun(self, name: str) -> None:
        self._note(name, True)

    def told(self, name: str) -> None:
        self._note(name, False)

    async def untold(self) -> set[str]:
        """Recordings that were begun and whose end was never told."""
        try:
            async with asyncio.timeout(PATIENCE):
                found: Any = await self._client.smembers(self._key)
        except (RedisError, OSError) as error:
            log.warning("tapes_away", error=str(error) or type(error).__name__)
            found = ()
        names = {name.decode() for name in found} | set(self._unwritten)
        return {name for name in names if self._unwritten.get(name, True)}

    async def close(self) -> None:
        """What Redis can be told within a moment, it is."""
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=PATIENCE)
            await end([self._writer])

    def _note(self, name: str, under_way: bool) -> None:
        self._unwritten[name] = under_way
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write(), name="tapes")

    async def _write(self) -> None:
        pause = FIRST_PAUSE
        while self._unwritten:
            name, under_way = next(iter(self._unwritten.items()))
            try:
                await (self._client.sadd if under_way else self._client.srem)(self._key, name)
            except (RedisError, OSError) as error:
                log.warning("tapes_away", unwritten=len(self._unwritten), error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            if self._unwritten[name] is under_way:  # else its end was told meanwhile
                del self._unwritten[name]
