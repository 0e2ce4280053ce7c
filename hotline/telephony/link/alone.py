"""Exactly one agent speaks for a switch: Asterisk gives its events to whoever connected last, so a second one would
take the calls away from the first, and a carrier asked twice would ring twice. The others wait for its place."""

from __future__ import annotations

import asyncio

import psycopg
import structlog

log = structlog.get_logger(__name__)

SWITCH, CARRIER = 12345_01, 12345_02  # advisory locks of the database: they are let go by whoever dies
LOOK_EVERY = 1.0
CONFIRM_EVERY = 2.0
CONFIRM_WITHIN = 5.0


class Alone:
    """`async with Alone(url, place) as alone`: entered when it is ours; `alone.lost()` returns once it is not."""

    def __init__(self, database_url: str, place: int) -> None:
        self._place = place
        self._url = database_url.replace("postgresql+psycopg://", "postgresql://")
        self._link: psycopg.AsyncConnection | None = None

    async def __aenter__(self) -> Alone:
        try:
            await self._stand_by()
        except (
            BaseException
        ):  # stopped while waiting: a link left open might hold the place that nobody is at
            await self.__aexit__()
            raise
        return self

    async def _stand_by(self) -> None:
        told = False
        while True:
            try:
                if self._link is None or self._link.closed:
                    self._link = await psycopg.AsyncConnection.connect(
                        self._url, autocommit=True, connect_timeout=5
                    )
                found = await (
                    await self._link.execute("SELECT pg_try_advisory_lock(%s)", (self._place,))
                ).fetchone()
                if found is not None and found[0]:
                    return
                if not told:
                    log.info("switch_agent_stands_by")
                    told = True
            except psycopg.Error as error:
                log.warning("database_away", error=str(error).strip())
            await asyncio.sleep(LOOK_EVERY)

    async def __aexit__(self, *_: object) -> None:
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def lost(self) -> None:
        """Return once the database does not confirm that we hold the place."""
        assert self._link is not None
        while True:
            try:
                await asyncio.wait_for(self._link.execute("SELECT 1"), CONFIRM_WITHIN)
            except (psycopg.Error, TimeoutError) as error:
                log.warning("place_lost", error=type(error).__name__)
                return
            await asyncio.sleep(CONFIRM_EVERY)
