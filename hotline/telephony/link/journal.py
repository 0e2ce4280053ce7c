"""Which legs the hotline believes alive, kept in Redis, so that a switch that was killed can own up.

A leg in here that the switch does not know any more is reported as lost, as any switch must after a restart.
"""

from __future__ import annotations

from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from config import clock, ids
from hotline.telephony.contract import EventMessage, EventType

log = structlog.get_logger(__name__)

BEGIN_A_LEG = frozenset({EventType.CALL_INCOMING, EventType.LEG_RINGING})
AFTER_EVERYTHING = 1_000_000  # a seq that no call reaches


class Journal:
    """A hash: leg → call. While Redis is away nothing is kept; that costs a lost call its report, no more."""

    def __init__(self, client: Redis, provider: str) -> None:
        self._client = client
        self._provider = provider
        self._key = f"telephony:{provider}:legs"

    async def before(self, event: EventMessage) -> None:
        """Write down a leg before the hotline hears of it."""
        if event.type in BEGIN_A_LEG:
            try:
                await self._client.hset(self._key, event.leg, event.call)
            except (RedisError, OSError) as error:
                log.warning("journal_away", error=str(error))

    async def after(self, event: EventMessage) -> None:
        """Strike it out when the hotline has heard of its end."""
        if event.type is EventType.LEG_ENDED and event.leg:
            try:
                await self._client.hdel(self._key, event.leg)
            except (RedisError, OSError) as error:
                log.warning("journal_away", error=str(error))

    async def lost(self) -> list[EventMessage]:
        """The ends of all legs that a process before this one left behind."""
        legs: dict[Any, Any] = await self._client.hgetall(self._key)
        return [self._loss(call.decode(), leg.decode()) for leg, call in legs.items()]

    def _loss(self, call: str, leg: str) -> EventMessage:
        return EventMessage.model_validate(
            {
                "id": ids.new_id(),
                "at": clock.now(),
                "seq": AFTER_EVERYTHING,
                "provider": self._provider,
                "call": call,
                "leg": leg,
                "type": EventType.LEG_ENDED,
                "cause": "lost",
                "by": "switch",
            }
        )
