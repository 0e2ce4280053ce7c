"""Callers whom nobody of ours took, because no agent process was there: the dialplan keeps a line on each, and here
they are told of afterwards.

The lines stand in a file a day among the switch's recordings, for what stands there can be fetched and deleted through
its REST interface, also from another machine. A line is told until the hotline has it, under names that follow from
the call; what is told again all the same changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from config import clock
from hotline.telephony.asterisk.ari import Ari, Away, Refused
from hotline.telephony.callers import NUMBER, number_of
from hotline.telephony.contract import FALLBACK

log = structlog.get_logger(__name__)

FILES = "unattended"
LOOK_EVERY = 60.0
DAYS = 8
"""So many are looked at; the files of as many days before are deleted, as no agent process stays away for so long."""
LOOK_AGAIN_AFTER = 0.05
KEPT_FOR = timedelta(days=2 * DAYS)


@dataclass(frozen=True)
class Caller:
    """One line. `by`: `caller`, who gave up while it rang, or `switch`, which sent them on after the apology.
    `answered` adds to such a line that somebody at the fallback number took them, at `ended_at`."""

    call: str
    came_at: datetime
    ended_at: datetime
    by: str
    dialled: str | None
    number: str

    @property
    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Their end before their coming: a caller who seems to be there would be given an agent."""
        if self.by == "answered":
            yield "fallback.answered", {"id": f"{self.call}-taken", "leg": self.call, "at": self.ended_at}
            return
        end = {"cause": FALLBACK, "by": self.by}
        came = {"from": self.number, "to": self.dialled}
        yield "leg.ended", {"id": f"{self.call}-left", "leg": self.call, "at": self.ended_at, **end}
        yield "call.incoming", {"id": f"{self.call}-came", "leg": self.call, "at": self.came_at, **came}


def caller_in(line: str) -> Caller | None:
    """The caller of a line; None, and a word in the log, if it is none, such as one that was broken off."""
    parts = line.split(" ")
    try:
        call, came, ended, by, dialled, number = parts
        if not call or len(call) > 50 or by not in ("caller", "switch", "answered"):
            raise ValueError(by)
        moments = [datetime.fromtimestamp(int(text), UTC) for text in (came, ended)]
    except (ValueError, OverflowError, OSError):
        log.error("unattended_not_understood", parts=len(parts))
        return None
    to = dialled if NUMBER.fullmatch(dialled) else None
    return Caller(call, moments[0], moments[1], by, to, number_of(number))


class Told:
    """How many lines of each day the hotline has. Without Redis all are told again, which is harmless."""

    def __init__(self, client: Redis, provider: str) -> None:
        self._client = client
        self._prefix = f"telephony:{provider}:{FILES}"
        self._lines: dict[str, int] = {}

    async def lines(self, day: str) -> int:
        if day not in self._lines:
            try:
                self._lines[day] = int(await self._client.get(f"{self._prefix}:{day}") or 0)
            except (RedisError, OSError) as error:
                log.warning("unattended_told_away", error=str(error))
                return 0
        return self._lines[day]

    async def set(self, day: str, lines: int) -> None:
        self._lines[day] = lines
        try:
            await self._client.set(f"{self._prefix}:{day}", lines, ex=KEPT_FOR)
        except (RedisError, OSError) as error:
            log.warning("unattended_told_away", error=str(error))


class Unattended:
    """`tell(call, kind, facts)` sends an event, `is_under_way(call)`: the hotline has not taken it yet."""

    def __init__(
        self,
        ari: Ari,
        told: Told,
        tell: Callable[[str, str, dict[str, Any]], None],
        is_under_way: Callable[[str], bool],
    ) -> None:
        self._ari = ari
        self._told = told
        self._tell = tell
        self._is_under_way = is_under_way

    async def look_after(self, connected: asyncio.Event) -> None:
        """Look whenever the switch is there again, and once a minute: who heard the apology because the hotline did
        not answer stands in the file too, and is perhaps told of by nobody else."""
        while True:
            await connected.wait()
            connected.clear()
            try:
                await self.look()
            except (Away, Refused) as error:
                log.warning("unattended_not_read", why=str(error))
            try:
                await asyncio.wait_for(connected.wait(), LOOK_EVERY)
            except TimeoutError:
                connected.set()

    async def look(self) -> None:
        """Tell whom the hotline has not been told of, one after the other: many calls wait for it just now."""
        today = clock.now().astimezone(UTC)
        for age in range(DAYS - 1, -1, -1):
            await self._tell_of(f"{today - timedelta(days=age):%Y%m%d}")
        for age in range(DAYS, 2 * DAYS):
            day = f"{today - timedelta(days=age):%Y%m%d}"
            await self._ari.delete(f"/recordings/stored/{FILES}-{day}")

    async def _tell_of(self, day: str) -> None:
        first = await self._told.lines(day)
        written = await self._written(day)
        if len(written) < first:  # somebody emptied the file
            first = 0
        lines = written[first:]
        for number, line in enumerate(lines, first + 1):
            if (caller := caller_in(line)) is not None:
                for kind, facts in caller.events:
                    self._tell(caller.call, kind, facts)
                while self._is_under_way(caller.call):
                    await asyncio.sleep(LOOK_AGAIN_AFTER)
            await self._told.set(day, number)
        if lines:
            log.info("unattended_told", day=day, callers=len(lines))

    async def _written(self, day: str) -> list[str]:
        """The whole lines of that day: the last may be half written."""
        try:
            text = await self._ari.file(f"/recordings/stored/{FILES}-{day}/file")
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return []
        return text.decode("ascii", "replace").split("\n")[:-1]
