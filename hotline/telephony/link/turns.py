"""Whose turn it is to be told to the hotline: a caller for whom somebody is to be found first, what somebody waits for
next, the rest two at a time.

A call tells of a dozen things, half of them that something rings, is over or is on tape. What comes in one moment
shares the processors of the hotline, and all of it is done late. So everything gives way to a new caller who is just
being told of: they are through in a fiftieth of a second, and at ten callers a second the slowest are through a fifth
sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from hotline.telephony.contract import EventMessage, EventType

AT_ONCE = 2
"""So many under way are enough for the rest: one is answered, one on the way."""
GIVES_WAY = 0.05
"""Seconds for which a new caller is let through, at most: a slow hotline keeps nobody waiting twice."""


class Haste(IntEnum):
    """How soon an event is to be told."""

    CAN_WAIT = 0
    PRESSES = 1
    FIRST = 2


HASTE = {
    EventType.CALL_INCOMING: Haste.FIRST,
    # Nobody, at a telephone or at a screen, notices whether what follows from these comes a few hundredths later.
    EventType.LEG_RINGING: Haste.CAN_WAIT,
    EventType.LEG_ENDED: Haste.CAN_WAIT,
    EventType.RECORDING_READY: Haste.CAN_WAIT,
}


def haste_of(event: EventMessage) -> Haste:
    return HASTE.get(event.type, Haste.PRESSES)


class Turns:
    """A door for requests. Who comes while new callers are told of lets these through, not those who follow them: where
    callers come without end, an end that frees an agent gets through. Who can wait is let in while fewer than `at_once`
    of their kind are under way, in the order they came.
    """

    def __init__(self, at_once: int = AT_ONCE, gives_way: float = GIVES_WAY) -> None:
        self._at_once = at_once
        self._gives_way = gives_way
        self._first: set[asyncio.Future[None]] = set()
        self._under_way = 0
        self._waiting: dict[asyncio.Future[None], str] = {}

    @asynccontextmanager
    async def turn(self, call: str, haste: Haste) -> AsyncIterator[None]:
        """Held while something of this call is told. `haste`: its own, or that of what stands behind it."""
        if haste is Haste.FIRST:
            through = asyncio.get_running_loop().create_future()
            self._first.add(through)
            try:
                yield
            finally:
                self._first.remove(through)
                through.set_result(None)
            return
        if self._first:
            await asyncio.wait(tuple(self._first), timeout=self._gives_way)
        if haste is Haste.PRESSES:
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
