"""One run of the simulated city: switch, line, callers and staff, from the first call until all is quiet again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import structlog
from redis.asyncio import Redis

from config import clock, ids
from hotline.telephony.contract import EventMessage, EventType
from hotline.telephony.link import mailbox
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.journal import Journal
from hotline.telephony.link.line import Line
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.link.wire import wire_to
from hotline.telephony.simulator.callers import Callers
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.plan import Plan, Staff
from hotline.telephony.simulator.switch import PROVIDER, Switch

log = structlog.get_logger(__name__)

REPORT_EVERY = 10.0
LOOK_AFTER_STAFF_EVERY = 1.0
LAST_CALLS_PATIENCE = 1800.0  # of the city's time, for the calls under way when no more come in
DELIVERY_PATIENCE = 6.0  # below the ten seconds a supervisor gives us to leave


class Simulation:
    """`run()` returns when the plan is fulfilled or `stop()` was called."""

    def __init__(self, plan: Plan, staff: Staff) -> None:
        self.plan = plan
        self.statistics = Statistics()
        self._staff = staff
        self._seed = plan.seed if plan.seed is not None else ids.random().randrange(2**32)
        self._pace = Pace(plan.speed)
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Ask the run to end in good order."""
        self._stopped.set()

    async def run(self) -> Statistics:
        """Wait for the hotline, live, clean up."""
        plan = self.plan
        async with wire_to(plan.address) as wire, Redis.from_url(plan.redis_url) as redis:
            journal = Journal(redis, PROVIDER)
            chaos = Chaos(plan.chaos, self._chance("chaos"))
            line = Line(
                wire, plan.secret, lambda commands: switch.obey(commands), self.statistics, chaos, journal
            )
            switch = Switch(
                send=line.send,
                chance=self._chance("telephones"),
                habits=plan.habits,
                pace=self._pace,
                statistics=self.statistics,
                recordings=plan.recordings,
                over=lambda call: callers.perhaps_again(call),
            )
            callers = Callers(plan, switch, line, self._pace, self._chance("callers"))
            log.info("simulator_waiting", address=plan.address)
            if await self._unless_stopped(line.reachable()):
                await self._live(switch, line, callers, redis, journal)
        return self.statistics

    def _chance(self, what: str) -> Random:
        """A source of chance of its own for each part, so that one does not disturb another."""
        return Random(f"{self._seed} {what}")

    async def _live(
        self, switch: Switch, line: Line, callers: Callers, redis: Redis, journal: Journal
    ) -> None:
        beside = [
            asyncio.create_task(doing)
            for doing in (
                mailbox.take_commands(redis, PROVIDER, switch.obey, line),
                mailbox.take_requests(redis, PROVIDER, callers.ring_me),
                self._report(switch, line),
            )
        ]
        try:
            if not await self._unless_stopped(self._begin(switch, line, journal)):
                return
            log.info("simulator_running", rate=self.plan.rate, speed=self.plan.speed, seed=self._seed)
            beside.append(asyncio.create_task(self._look_after_staff()))
            if await self._unless_stopped(callers.come(), limit=self.plan.duration):
                await self._unless_stopped(switch.quiet(), limit=LAST_CALLS_PATIENCE / self._pace.speed)
        finally:
            await self._end(switch, line, callers, beside)

    async def _begin(self, switch: Switch, line: Line, journal: Journal) -> None:
        """Own up to what an earlier process left behind, then bring the staff."""
        for event in await patiently(journal.lost, "redis_away"):
            self.statistics.count("lost_calls_reported")
            line.send(event)
        while not await line.drained(60):  # until then the agents of those calls cannot sign on anew
            log.info("lost_calls_not_yet_reported", events=line.unsent)
        switch.simulated_seats = await patiently(
            lambda: asyncio.to_thread(self._staff.sign_on), "staff_not_signed_on"
        )
        for seat in sorted(switch.simulated_seats):
            line.send(_about_seat(EventType.SEAT_ONLINE, seat))

    async def _end(
        self, switch: Switch, line: Line, callers: Callers, beside: list[asyncio.Task[None]]
    ) -> None:
        """Every telephone down, every event delivered, everybody home."""
        callers.close()
        switch.end_everything("shutdown")
        await switch.still()
        for seat in sorted(switch.simulated_seats):
            line.send(_about_seat(EventType.SEAT_OFFLINE, seat))
        if not await line.drained(DELIVERY_PATIENCE):
            log.warning(
                "events_undelivered", events=line.unsent
            )  # the journal remembers whose calls they were
        await line.close()
        await end(beside)
        if switch.simulated_seats:
            try:
                await asyncio.to_thread(self._staff.sign_off)
            except Exception as error:
                log.warning("staff_not_signed_off", error=str(error))
        log.info("simulator_stopped", **self.statistics.line(len(switch.calls), line.unsent))

    async def _look_after_staff(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AFTER_STAFF_EVERY / min(self._pace.speed, 5))
            await patiently(lambda: asyncio.to_thread(self._staff.look_after), "staff_not_looked_after")

    async def _report(self, switch: Switch, line: Line) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY)
            log.info("simulator", **self.statistics.line(len(switch.calls), line.unsent))

    async def _unless_stopped(self, doing: Coroutine[Any, Any, Any], limit: float | None = None) -> bool:
        """Do it until it is done, its time is up, or we are stopped. False if we are stopped."""
        task = asyncio.create_task(doing)
        stop = asyncio.create_task(self._stopped.wait())
        await asyncio.wait({task, stop}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        failed = task.exception() if task.done() else None
        await end((task, stop))
        if failed is not None:
            raise failed
        return not self._stopped.is_set()


async def patiently(doing: Callable[[], Coroutine[Any, Any, Any]], complaint: str) -> Any:
    """Do it again, ever more slowly, until it works: database and Redis may be restarting."""
    pause = 0.5
    while True:
        try:
            return await doing()
        except Exception as error:
            log.warning(complaint, error=f"{type(error).__name__}: {error}"[:300])
        await asyncio.sleep(pause)
        pause = min(pause * 2, 15.0)


def _about_seat(kind: EventType, seat: str) -> EventMessage:
    about = {"id": ids.new_id(), "at": clock.now(), "provider": PROVIDER, "type": kind, "seat": seat}
    return EventMessage.model_validate(about)
