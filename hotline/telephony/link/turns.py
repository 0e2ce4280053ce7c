"""Whose turn it is to be told to the hotline: what a caller waits for goes at once, the rest two at a time.

Half of what a call tells is that something rings, is over or is on tape. When many of those come in one moment they
share the processors of the hotline with the one caller for whom an agent is to be found, and all of them are done late.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hotline.telephony.contract import EventMessage, EventType

AT_ONCE = 2
"""So many under way are enough for the rest: one is answered, one on the way."""
CAN_WAIT = frozenset({EventType.LEG_RINGING, EventType.LEG_ENDED, EventType.RECORDING_READY})
"""Nobody, at a telephone or at a screen, notices whether what follows from these comes a few hundredths later."""


def can_wait(event: EventMessage) -> bool:
    return event.type in CAN_WAIT


class Turns:
    """A door for requests. Who can wait is let in while fewer than `at_once` of their kind are under way, in the order
    they came. Who presses does not count: where callers come without end, an end that frees an agent gets through.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._under_way = 0
        self._waiting: dict[asyncio.Future[None], str] = {}

    @asynccontextmanager
    async def turn(self, call: str, *, presses: bool) -> AsyncIterator[None]:
        """Held while something of this call is told. `presses`: it cannot wait, or something behind it cannot."""
        if presses:
            yield
            return
        if self._under_way >= self._at_once:
            await self._wait(call)
        else:
            self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._let_in()

    def hurry(self, call: str) -> None:
        """Something that cannot wait stands, from now on, behind what this call has to tell."""
        for future, key in list(self._waiting.items()):
            if key == call:
                self._admit(future)

    async def _wait(self, key: str) -> None:
        admitted = asyncio.get_running_loop().create_future()
        self._waiting[admitted] = key
        try:
            await admitted
        except asyncio.CancelledError:
            if self._waiting.pop(admitted, None) is None:  # let in and called off in the same moment
                self._under_way -= 1
                self._let_in()
            raise

    def _let_in(self) -> None:
        while self._waiting and self._under_way < self._at_once:
            self._admit(next(iter(self._waiting)))

    def _admit(self, future: asyncio.Future[None]) -> None:
        del self._waiting[future]
        self._under_way += 1
        future.set_result(None)
