"""The line to the hotline: signed events out, commands back, and nothing lost in between.

An event is sent again under the same id until it is answered, however long the hotline is away. The events of one
call go one after the other, those of different calls side by side, and what nobody waits for lets others pass.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog

from hotline.telephony.contract import AnswerMessage, CommandMessage, EventMessage
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.journal import Journal
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.link.turns import Turns, can_wait
from hotline.telephony.link.wire import Answer, Unreachable, Wire
from hotline.telephony.signature import HEADER, sign

log = structlog.get_logger(__name__)

EVENTS = "/telephony/events"
ACKNOWLEDGEMENTS = "/telephony/commands/ack"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
DOWN_AFTER = 3  # failures in a row


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
        self._wire = wire
        self._secret = secret
        self._act = act
        self._statistics = statistics
        self._chaos = chaos
        self._journal = journal
        self._waiting: defaultdict[str, deque[EventMessage]] = defaultdict(deque)
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._turns = Turns()
        self._failures = 0
        self._back = asyncio.Event()
        self.unsent = 0

    @property
    def is_down(self) -> bool:
        """Whether the hotline has not answered for a while."""
        return self._failures >= DOWN_AFTER

    def send(self, event: EventMessage) -> None:
        """Deliver the event, after those of the same call that were sent before."""
        key = event.call or ""
        self.unsent += 1
        self._waiting[key].append(event)
        if not can_wait(event):
            self._turns.hurry(key)
        if key not in self._couriers:
            self._couriers[key] = asyncio.create_task(self._carry(key), name=f"courier {key}")

    def is_under_way(self, call: str) -> bool:
        """Whether the hotline has not taken all that was sent of this call."""
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

    async def acknowledge(self, ids: list[str]) -> None:
        """Tell the hotline which mid-call commands have arrived. One try: it pushes them again otherwise."""
        await self._post(ACKNOWLEDGEMENTS, json.dumps({"ids": ids}).encode())

    async def reachable(self) -> None:
        """Return once the hotline answers that it is ready."""
        pause = FIRST_PAUSE
        while True:
            try:
                if (await self._wire.get("/readyz")).status == 200:
                    self._failures = 0
                    return
            except Unreachable:
                pass
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _carry(self, key: str) -> None:
        queue = self._waiting[key]
        try:
            while queue:
                if len(queue) > 1 and self._chaos.overtakes():
                    first, second = queue.popleft(), queue.popleft()
                    await asyncio.gather(self._deliver(second), self._deliver(first, self._chaos.delay()))
                else:
                    await self._deliver(queue.popleft())
        finally:
            self._waiting.pop(key, None)
            self._couriers.pop(key, None)

    async def _deliver(self, event: EventMessage, delay: float = 0.0) -> None:
        """Send until answered, then do as told."""
        await asyncio.sleep(delay)
        if self._journal is not None:
            await self._journal.before(event)
        body = event.model_dump_json(by_alias=True, exclude_none=True).encode()
        pause = FIRST_PAUSE
        while True:
            answer = await self._try(body, event)
            if answer is not None and self._chaos.loses_answer():
                self._statistics.count("answers_lost")
                answer = await self._try(body, event)
            if answer is not None:
                break
            await self._rest(pause * (1 + self._chaos.chance.random()) / 2)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.unsent -= 1
        if self._journal is not None:
            await self._journal.after(event)
        self._act(answer.commands)
        if self._chaos.duplicates():
            self._statistics.count("sent_twice")
            if again := await self._try(body, event):
                self._act(again.commands)

    def _presses(self, event: EventMessage) -> bool:
        behind = self._waiting.get(event.call or "", ())
        return not (can_wait(event) and all(can_wait(one) for one in behind))

    async def _rest(self, pause: float) -> None:
        """So long, or until another event is answered after an outage."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._back.wait(), pause)

    async def _try(self, body: bytes, event: EventMessage) -> AnswerMessage | None:
        """One attempt. None: nobody answered, or not in a way that settles it."""
        began = time.perf_counter()
        try:
            async with self._turns.turn(event.call or "", presses=self._presses(event)):
                answer = await self._post(EVENTS, body)
        except Unreachable as error:
            self._failed(str(error))
            return None
        if answer.status == 200:
            self._hotline_answers()
            self._statistics.took(time.perf_counter() - began)
            self._statistics.count("events")
            return AnswerMessage.model_validate_json(answer.body)
        if answer.status in (400, 404, 409, 413, 422):
            # Sending it again would be refused again: our mistake, to be read in the log.
            said = answer.body[:500].decode(errors="replace")
            log.error("event_refused", status=answer.status, kind=event.type, answer=said)
            self._statistics.count("refused")
            return AnswerMessage(commands=[])
        self._failed(f"status {answer.status}")
        return None

    def _hotline_answers(self) -> None:
        """After an outage everybody who waits tries again at once."""
        if self.is_down:
            self._back.set()
            self._back = asyncio.Event()
        self._failures = 0

    def _failed(self, why: str) -> None:
        self._failures += 1
        self._statistics.count("failed_tries")
        if self._failures == DOWN_AFTER:
            log.warning("hotline_away", why=why)

    async def _post(self, path: str, body: bytes) -> Answer:
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        return await self._wire.post(path, body, headers)
