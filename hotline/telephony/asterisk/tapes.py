"""The names of recordings under way, kept in Redis, so that one that ends while no agent listens is not forgotten."""

from __future__ import annotations

from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class Tapes:
    """A set of names. Without Redis nothing is kept, which costs an interrupted recording its report, no more."""

    def __init__(self, client: Redis, provider: str) -> None:
        self._client = client
        self._key = f"telephony:{provider}:tapes"

    async def begun(self, name: str) -> None:
        try:
            await self._client.sadd(self._key, name)
        except (RedisError, OSError) as error:
            log.warning("tapes_away", error=str(error))

    async def told(self, name: str) -> None:
        try:
            await self._client.srem(self._key, name)
        except (RedisError, OSError) as error:
            log.warning("tapes_away", error=str(error))

    async def untold(self) -> set[str]:
        """Recordings that were begun and whose end was never told."""
        try:
            found: Any = await self._client.smembers(self._key)
            return {name.decode() for name in found}
        except (RedisError, OSError) as error:
            log.warning("tapes_away", error=str(error))
            return set()
