"""The process that speaks to the carrier: takes commands in mid-call from Redis, carries out orders, asks after legs
that fell silent. Talks outlive it, and whatever it did not get to is in its table."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from flask import Flask
from redis.asyncio import Redis

from config.extensions import db
from config.settings import Settings
from hotline.telephony.link import mailbox
from hotline.telephony.link.alone import CARRIER, Alone
from hotline.telephony.link.tasks import end
from hotline.telephony.streams import commands_of, requests_of
from hotline.telephony.twiml import PROVIDER, news, ordering
from hotline.telephony.twiml.ordering import Task
from hotline.telephony.twiml.rest import Away, Refused, Request, Rest

log = structlog.get_logger(__name__)
T = TypeVar("T")

LOOK_EVERY = 0.25
ASK_EVERY = 30.0
REPORT_EVERY = 60.0
FINAL = frozenset(news.CAUSES)


class Agent:
    """`run()` returns when `stop()` was called. Of several, one is active; the others stand by."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: Settings = app.config["SETTINGS"]
        self._stopped = asyncio.Event()
        self._woken = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self.counts: Counter[str] = Counter()

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        """Stand by, serve, and stand by again if the place is lost."""
        while not self._stopped.is_set():
            task = asyncio.create_task(self._hold_place())
            stop = asyncio.create_task(self._stopped.wait())
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            await end([task, stop])
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error(
                    "twiml_agent_failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error
                )
                await asyncio.sleep(1)

    async def _hold_place(self) -> None:
        async with Alone(self._settings.database_url, CARRIER) as alone:
            log.info("twiml_agent_active")
            rest = Rest(self._settings)
            async with Redis.from_url(self._settings.redis_url) as redis:
                doing = [
                    asyncio.create_task(one)
                    for one in (
                        alone.lost(),
                        self._take_commands(redis),
                        self._take_wakings(redis),
                        self._often(LOOK_EVERY, lambda: self._look(rest), self._woken),
                        self._often(ASK_EVERY, lambda: self._ask_after_silent(rest)),
                        self._often(REPORT_EVERY, self._report),
                    )
                ]
                try:
                    done, _ = await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await end([*doing, *self._busy.values()])
                    await rest.close()
                for task in done:
                    task.result()

    # -- what comes in

    async def _take_commands(self, redis: Redis) -> None:
        async for batch in mailbox.entries(redis, commands_of(PROVIDER)):
            commands = [found for fields in batch if (found := mailbox.command_in(fields)) is not None]
            try:
                await self._in_app(ordering.accept, commands)
                self.counts["commands"] += len(commands)
            except Exception:  # not acknowledged, so they are pushed again
                log.exception("commands_not_taken")

    async def _take_wakings(self, redis: Redis) -> None:
        async for _batch in mailbox.entries(redis, requests_of(PROVIDER)):
            self._woken.set()

    # -- what goes out

    async def _look(self, rest: Rest) -> None:
        for leg in await self._in_app(ordering.due, list(self._busy)):
            if leg not in self._busy:
                self._busy[leg] = asyncio.create_task(self._serve(rest, leg), name=f"orders of {leg}")

    async def _serve(self, rest: Rest, leg: str) -> None:
        """Everything that is to be asked for this leg, one after the other."""
        try:
            while (task := await self._in_app(ordering.next_task, leg)) is not None:
                if not await self._carry_out(rest, task):
                    break
        except Exception:
            log.exception("orders_not_carried_out", leg=leg)
            await asyncio.sleep(LOOK_EVERY)
        finally:
            self._busy.pop(leg, None)

    async def _carry_out(self, rest: Rest, task: Task) -> bool:
        """False if it is to be tried again later, and what follows must wait for it."""
        try:
            if task.recording:
                sound = await rest.file(f"/Recordings/{task.recording}.wav")
                await self._in_app(ordering.looked_at, task.order_id, sound)
            else:
                assert task.request is not None
                answer = await rest.ask(task.request)
                await self._in_app(ordering.carried_out, task.order_id, answer)
            self.counts[task.kind] += 1
        except Refused as refusal:
            self.counts["refused"] += 1
            await self._fail(task, refusal, for_good=not task.recording, over=refusal.status == 404)
        except Away as away:
            self.counts["away"] += 1
            await self._fail(task, away, for_good=False)
            return False
        return True

    async def _fail(self, task: Task, why: Exception, *, for_good: bool, over: bool = False) -> None:
        await self._in_app(lambda: ordering.failed(task.order_id, str(why), for_good=for_good, over=over))

    # -- legs that fell silent

    async def _ask_after_silent(self, rest: Rest) -> None:
        """A piece of news that never arrived must leave nobody in a call that is over."""
        for key, sid in await self._in_app(ordering.silent_legs):
            try:
                status = str((await rest.ask(Request("GET", f"/Calls/{sid}.json"))).get("status"))
            except Refused as refusal:
                status = "gone" if refusal.status == 404 else ""
            except Away as away:
                log.warning("carrier_away", error=str(away))
                return
            if status in FINAL or status == "gone":
                log.warning("leg_lost", leg=key, status=status)
                await self._in_app(news.gone, key, status)
            else:
                await self._in_app(ordering.lives, key)

    # -- machinery

    async def _in_app(self, doing: Callable[..., T], *args: Any) -> T:
        """In a thread, as the app; the database blocks."""

        def inside() -> T:
            with self._app.app_context():
                try:
                    return doing(*args)
                finally:
                    db.session.remove()

        return await asyncio.to_thread(inside)

    async def _often(
        self,
        seconds: float,
        doing: Callable[[], Coroutine[Any, Any, None]],
        woken: asyncio.Event | None = None,
    ) -> None:
        """Every so many seconds, or at once when woken. That it fails once is no reason to stop."""
        while True:
            if woken is not None:
                woken.clear()
            try:
                await doing()
            except Exception:
                log.exception("twiml_round_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for((woken or asyncio.Event()).wait(), seconds)

    async def _report(self) -> None:
        log.info("twiml_agent", busy=len(self._busy), **dict(sorted(self.counts.items())))
