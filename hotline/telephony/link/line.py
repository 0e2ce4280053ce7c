"""The line to the hotline: events out, commands back, and nothing lost in between.

The events of one call go one after the other, those of different calls side by side, and what no caller waits for lets
others pass (`turns`). What only adds to the record of a call is gathered for a moment, and goes together: it is two of
three events, and would take the hotline's time from callers.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from pydantic import BaseModel

from hotline.telephony.contract import MOST_TOGETHER, CommandMessage, EventMessage, EventsMessage, EventType
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.journal import Journal
from hotline.telephony.link.requests import Requests
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.link.turns import Haste, Turns, haste_of
from hotline.telephony.link.wire import Wire

log = structlog.get_logger(__name__)

EVENTS, TOGETHER = "/telephony/events", "/telephony/events/batch"
GATHERED_FOR = 0.25  # seconds
RECORDS = frozenset(
    {
        EventType.QUEUE_JOINED, EventType.QUEUE_LEFT, EventType.BRIDGE_JOINED, EventType.BRIDGE_LEFT,
        EventType.RECORDING_STARTED, EventType.LISTEN_STARTED, EventType.LISTEN_ENDED,
    }
)  # fmt: skip
"""Nobody, at a telephone or at a screen, waits for these. `recording.ready` is none: a tape is to be fetched."""
NO_CALL, OF_RECORDS = "", " "
"""Whose courier it is; no call has such a key."""


class Line:
    """`send` never blocks; `act` is given the commands of each answer as they come. `journal`: for a switch whose calls
    die with its process."""

    def __init__(
        self,
        wire: Wire,
        secret: str,
        act: Callable[[Iterable[CommandMessage]], None],
        statistics: Statistics,
        chaos: Chaos,
        journal: Journal | None = None,
    ) -> None:
        self._requests = Requests(wire, secret, statistics, chaos)
        self._act = act
        self._statistics = statistics
        self._chaos = chaos
        self._journal = journal
        self._turns = Turns()
        self._waiting: defaultdict[str, deque[EventMessage]] = defaultdict(deque)
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self.unsent = 0
        self.acknowledge = self._requests.acknowledge
        self.reachable = self._requests.reachable
        self.ever_answered = self._requests.ever_answered

    @property
    def is_down(self) -> bool:
        """Whether the hotline has not answered for a while."""
        return self._requests.are_in_vain

    def send(self, event: EventMessage) -> None:
        """Deliver the event, after those of the same call that were sent before; a record, with other records."""
        self.unsent += 1
        if event.type in RECORDS:
            self._hand_to(OF_RECORDS, event, self._carry_records)
            return
        key = event.call or NO_CALL
        if haste_of(event) is not Haste.CAN_WAIT:
            self._turns.hurry(key)
        self._hand_to(key, event, self._carry)

    def is_under_way(self, call: str) -> bool:
        """Whether the hotline has not taken all that was sent of this call, records left aside."""
        return call in self._couriers

    async def drained(self, patience: float) -> bool:
        """Wait until everything is delivered; False if it was not within `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                while self._couriers:  # an answer may bring commands that make new events
                    await asyncio.wait(list(self._couriers.values()))
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Stop trying."""
        await end(self._couriers.values())

    def _hand_to(
        self,
        key: str,
        event: EventMessage,
        carry: Callable[[deque[EventMessage]], Coroutine[Any, Any, None]],
    ) -> None:
        self._waiting[key].append(event)
        if key not in self._couriers:
            self._couriers[key] = asyncio.create_task(self._until_none(key, carry), name=f"courier {key}")

    async def _until_none(
        self, key: str, carry: Callable[[deque[EventMessage]], Coroutine[Any, Any, None]]
    ) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                await carry(waiting)
        finally:
            self._waiting.pop(key, None)
            self._couriers.pop(key, None)

    async def _carry(self, waiting: deque[EventMessage]) -> None:
        if len(waiting) > 1 and self._chaos.overtakes():
            first, second = waiting.popleft(), waiting.popleft()
            await asyncio.gather(self._deliver(second), self._deliver(first, self._chaos.delay()))
        else:
            await self._deliver(waiting.popleft())

    async def _carry_records(self, waiting: deque[EventMessage]) -> None:
        if len(waiting) < MOST_TOGETHER:
            await asyncio.sleep(GATHERED_FOR)
        await self._deliver_together([waiting.popleft() for _ in range(min(len(waiting), MOST_TOGETHER))])

    async def _deliver(self, event: EventMessage, delay: float = 0.0) -> None:
        """Send until answered, then do as told."""
        await asyncio.sleep(delay)
        if self._journal is not None:
            await self._journal.before(event)
        body = _json(event)
        answer = await self._requests.settled(EVENTS, body, lambda: self._turn(event))
        if not answer.is_taken:
            log.error("event_refused", status=answer.status, kind=event.type, answer=answer.said)
        self._settled([event], "events" if answer.is_taken else "refused")
        if self._journal is not None:
            await self._journal.after(event)
        self._act(answer.commands)
        if self._chaos.duplicates():
            self._statistics.count("sent_twice")
            if again := await self._requests.attempt(EVENTS, body):
                self._act(again.commands)

    async def _deliver_together(self, events: list[EventMessage]) -> None:
        """Send all until answered. Where they are refused together, perhaps one of them alone is at fault."""
        body = _json(EventsMessage(events=events))
        answer = await self._requests.settled(
            TOGETHER, body, lambda: self._turns.turn(OF_RECORDS, Haste.CAN_WAIT)
        )
        if answer.is_taken:
            self._settled(events, "events")
            self._act(answer.commands)
        else:
            for event in events:
                await self._deliver(event)

    def _turn(self, event: EventMessage) -> AbstractAsyncContextManager[None]:
        """Theirs as soon as it, or what stands behind it, is to be told."""
        key = event.call or NO_CALL
        behind = self._waiting.get(key, ())
        return self._turns.turn(key, max(haste_of(one) for one in (event, *behind)))

    def _settled(self, events: list[EventMessage], how: str) -> None:
        self.unsent -= len(events)
        self._statistics.count(how, len(events))


def _json(message: BaseModel) -> bytes:
    return message.model_dump_json(by_alias=True, exclude_none=True).encode()
