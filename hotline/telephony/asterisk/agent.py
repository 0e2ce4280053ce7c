"""The process: hold the place, connect, reconcile, translate; and begin again whenever one of these ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import structlog
from redis.asyncio import Redis

from hotline.telephony.asterisk import news
from hotline.telephony.asterisk.ari import APPLICATION, Ari, Away, Refused, ari_at
from hotline.telephony.asterisk.model import Call
from hotline.telephony.asterisk.prompts import Prompts
from hotline.telephony.asterisk.reconcile import LiveCalls, reconcile
from hotline.telephony.asterisk.switch import PROVIDER, Switch
from hotline.telephony.asterisk.tapes import Tapes
from hotline.telephony.asterisk.unattended import Told, Unattended
from hotline.telephony.link import mailbox
from hotline.telephony.link.alone import SWITCH, Alone
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.line import Line
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.link.wire import HttpWire, Unreachable, wire_to
from hotline.telephony.signature import HEADER, sign

log = structlog.get_logger(__name__)

REPORT_EVERY = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
ASK_AGAIN_AFTER = 0.2
DELIVERY_PATIENCE = 6.0  # below the ten seconds a supervisor gives us to leave


@dataclass(frozen=True)
class Where:
    """Everything the agent connects to. `patience`: seconds a caller waits for the hotline before the apology."""

    hotline: str
    secret: str
    redis_url: str
    database_url: str
    asterisk: str
    user: str
    password: str
    trunk: str
    prompts: Path
    patience: float


class Agent:
    """`run()` returns when `stop()` was called. Talks outlive it: they are the switch's."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        """Stand by, serve, and stand by again if the place is lost."""
        while not self._stopped.is_set():
            await self._unless_stopped(self._hold_place)

    async def _hold_place(self) -> None:
        async with Alone(self.where.database_url, SWITCH) as alone:
            log.info("switch_agent_active")
            serving = asyncio.create_task(self._serve())
            lost = asyncio.create_task(alone.lost())
            try:
                await asyncio.wait({serving, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await end([serving, lost])
            if serving.done() and not serving.cancelled() and (error := serving.exception()):
                raise error

    async def _serve(self) -> None:
        where = self.where
        async with (
            wire_to(where.hotline) as wire,
            Redis.from_url(where.redis_url) as redis,
            ari_at(where.asterisk, where.user, where.password) as ari,
        ):
            statistics, knows_the_calls, tapes = Statistics(), asyncio.Event(), Tapes(redis, PROVIDER)
            obey: Callable[[Any], None] = lambda commands: switch.obey(commands)  # noqa: E731 - made below
            line = Line(wire, where.secret, obey, statistics, Chaos(0.0, Random()))
            switch = Switch(
                ari,
                Prompts(where.prompts, lambda key: _recorded(wire, where.secret, key)),
                line.send,
                tapes,
                trunk=where.trunk,
                patience=where.patience,
                hotline_answers=line.ever_answered,
            )
            unattended = Unattended(
                ari,
                Told(redis, PROVIDER),
                lambda call, kind, facts: switch.report(Call(call, seq=news.AFTER_THE_CALL), kind, **facts),
                line.is_under_way,
            )
            connected = asyncio.Event()
            beside = [
                asyncio.create_task(unattended.look_after(connected)),
                asyncio.create_task(
                    mailbox.take_commands(redis, PROVIDER, switch.obey, line, knows_the_calls)
                ),
                asyncio.create_task(self._report(switch, line, statistics)),
            ]
            try:
                await self._follow(
                    ari, switch, lambda at: _live_calls(wire, where.secret, at), knows_the_calls, connected
                )
            finally:
                await line.drained(DELIVERY_PATIENCE)
                await line.close()
                await end([*beside, *switch.tasks])
                await tapes.close()

    async def _follow(
        self,
        ari: Ari,
        switch: Switch,
        live_calls: LiveCalls,
        knows_the_calls: asyncio.Event,
        connected: asyncio.Event,
    ) -> None:
        """Hear the switch, through any number of its restarts."""
        pause = FIRST_PAUSE
        while True:
            try:
                async for event in ari.events():
                    if event["type"] == "Connected":
                        log.info("switch_connected", address=self.where.asterisk)
                        await _hear_only_what_matters(ari)
                        await reconcile(switch, live_calls)
                        knows_the_calls.set()
                        connected.set()
                        pause = FIRST_PAUSE
                    elif event["type"] == "ApplicationReplaced":
                        log.error("switch_taken_over", why="another agent connected to this Asterisk")
                    else:
                        _hear(switch, event)
                log.warning("switch_disconnected")
            except (Away, Refused) as error:
                log.warning("switch_away", error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _report(self, switch: Switch, line: Line, statistics: Statistics) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY)
            counted = statistics.line(len(switch.calls), line.unsent)
            log.info("switch_agent", **counted, legs=len(switch.legs), counts=dict(switch.counts))

    async def _unless_stopped(self, doing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(doing())
        stop = asyncio.create_task(self._stopped.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        await end([task, stop])
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("switch_agent_failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
            await asyncio.sleep(1)


async def _recorded(wire: HttpWire, secret: str, key: str) -> bytes | None:
    """A recorded prompt, from the hotline."""
    path = f"/telephony/prompts/{key}.wav"
    try:
        answer = await wire.get(path, {HEADER: sign(secret, path.encode())})
    except Unreachable as error:
        log.warning("prompt_not_fetched", prompt=key, error=str(error))
        return None
    return answer.body if answer.status == 200 else None


async def _live_calls(wire: HttpWire, secret: str, at: datetime) -> list[dict[str, Any]]:
    """The calls the hotline believes alive, asked until it answers."""
    path = f"/telephony/live/{PROVIDER}/{at.timestamp():.6f}"
    while True:
        try:
            answer = await wire.get(path, {HEADER: sign(secret, path.encode())})
            if answer.status == 200:
                found: list[dict[str, Any]] = json.loads(answer.body)["calls"]
                return found
            log.warning("live_calls_not_told", status=answer.status)
        except Unreachable as error:
            log.info("hotline_away", why=str(error))
        await asyncio.sleep(ASK_AGAIN_AFTER)


async def _hear_only_what_matters(ari: Ari) -> None:
    """Most of what Asterisk tells is of no use here, every variable of every channel above all; writing and reading it
    costs both sides as much as all the rest."""
    kinds = {"allowed": [{"type": kind} for kind in news.HEARD]}
    try:
        await ari.put(f"/applications/{APPLICATION}/eventFilter", kinds)
    except Refused as refusal:
        log.info("switch_tells_everything", said=str(refusal))


def _hear(switch: Switch, event: dict[str, Any]) -> None:
    try:
        news.hear(switch, event)
    except Exception:  # an Asterisk newer than we are may tell things in another shape
        switch.counts["not_understood"] += 1
        log.exception("event_not_understood", kind=event.get("type"))
