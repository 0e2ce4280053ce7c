"""Signed requests to the hotline, sent again until they are answered, however long it is away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import NamedTuple

import structlog

from hotline.telephony.contract import AnswerMessage, CommandMessage
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.wire import Answer, Unreachable, Wire
from hotline.telephony.signature import HEADER, sign

log = structlog.get_logger(__name__)

ACKNOWLEDGEMENTS = "/telephony/commands/ack"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
DOWN_AFTER = 3  # failures in a row
FINAL = (400, 404, 409, 413, 422)
"""Sending it again would be refused again: our mistake, to be read in the log."""

Turn = Callable[[], AbstractAsyncContextManager[None]]


class Settled(NamedTuple):
    """What became of a request: taken, or refused for good with what was `said`."""

    status: int
    commands: list[CommandMessage]
    said: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status == 200


class Requests:
    """`chaos` loses answers now and then."""

    def __init__(self, wire: Wire, secret: str, statistics: Statistics, chaos: Chaos) -> None:
        self._wire = wire
        self._secret = secret
        self._statistics = statistics
        self._chaos = chaos
        self._failures = 0
        self._back = asyncio.Event()
        self.ever_answered = asyncio.Event()
        """Whether the hotline has answered since this process began."""

    @property
    def are_in_vain(self) -> bool:
        """Whether the hotline has not answered for a while."""
        return self._failures >= DOWN_AFTER

    async def settled(self, path: str, body: bytes, turn: Turn = nullcontext) -> Settled:
        """Once the hotline has taken it or refused it for good. Each attempt waits for its `turn`."""
        pause = FIRST_PAUSE
        while True:
            answer = await self.attempt(path, body, turn)
            if answer is not None and self._chaos.loses_answer():
                self._statistics.count("answers_lost")
                answer = await self.attempt(path, body, turn)
            if answer is not None:
                return answer
            await self._rest(pause * (1 + self._chaos.chance.random()) / 2)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def attempt(self, path: str, body: bytes, turn: Turn = nullcontext) -> Settled | None:
        """One try. None: nobody answered, or not in a way that settles it."""
        began = time.perf_counter()
        try:
            async with turn():
                answer = await self._post(path, body)
        except Unreachable as error:
            self._failed(str(error))
            return None
        if answer.status == 200:
            self._hotline_answers()
            self._statistics.took(time.perf_counter() - began)
            return Settled(200, AnswerMessage.model_validate_json(answer.body).commands)
        if answer.status in FINAL:
            return Settled(answer.status, [], answer.body[:500].decode(errors="replace"))
        self._failed(f"status {answer.status}")
        return None

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

    async def _rest(self, pause: float) -> None:
        """So long, or until another request is answered after an outage."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._back.wait(), pause)

    def _hotline_answers(self) -> None:
        """After an outage everybody who waits tries again at once."""
        if self.are_in_vain:
            self._back.set()
            self._back = asyncio.Event()
        self._failures = 0
        self.ever_answered.set()

    def _failed(self, why: str) -> None:
        self._failures += 1
        self._statistics.count("failed_tries")
        if self._failures == DOWN_AFTER:
            log.warning("hotline_away", why=why)

    async def _post(self, path: str, body: bytes) -> Answer:
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        return await self._wire.post(path, body, headers)
