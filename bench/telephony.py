"""The telephony's two figures, on a real web server with real PostgreSQL and Redis on the same machine:

event → answer at 50 events/s (target p95 ≤ 15 ms), and `call.incoming` → screen pop in a connected page at
10 calls/s with 200 agents online (target p95 ≤ 100 ms).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from bench.support import bench_servers, percentiles
from bench.telephony_sockets import open_page, session_cookie
from hotline.telephony.simulator.habits import Habits
from hotline.telephony.simulator.people import AgentsOnShift
from hotline.telephony.simulator.plan import Plan
from hotline.telephony.simulator.simulation import Simulation
from tests.support.live import LiveHotline, live_hotline
from wsgi import create_app

WARM_UP = 8.0
EVERYBODY_ANSWERS = Habits(
    seat_no_answer=0, hang_up_in_welcome=0, wrong_key=0, silent_at_menu=0, call_again=0
)


def main() -> None:
    with _hotline() as (hotline, app):
        answers(hotline, app)
    with _hotline() as (hotline, app):
        pops(hotline, app)


@contextmanager
def _hotline() -> Iterator[tuple[LiveHotline, Flask]]:
    """Web and clock of a fresh hotline, and an app of our own on the same database."""
    with bench_servers() as (settings, _found), live_hotline(settings, settings.var_dir) as hotline:
        hotline.start_web()
        hotline.start_clock()
        yield hotline, create_app(hotline.settings)


def _plan(hotline: LiveHotline, **changes: Any) -> Plan:
    settings = hotline.settings
    return Plan(
        address=hotline.address,
        secret=settings.telephony_secret,
        redis_url=settings.redis_url,
        recordings=settings.var_dir / "recordings",
        seed=1,
        **changes,
    )


# -- event → answer


def answers(hotline: LiveHotline, app: Flask, *, events_per_second: float = 50, seconds: float = 40) -> None:
    """The mix of events that whole calls make, at the pace asked for."""
    events_per_call = 17.0  # what an answered call makes; the line below prints what was reached
    simulation = Simulation(
        _plan(
            hotline,
            rate=60 * events_per_second / events_per_call,
            duration=WARM_UP + seconds,
            speed=10,
            habits=EVERYBODY_ANSWERS,
        ),
        AgentsOnShift(app, 80),
    )
    statistics = simulation.statistics
    statistics.round_trips = deque()
    reached: list[float] = []

    async def measured() -> None:
        async def window() -> None:
            while not statistics.counts["calls"]:
                await asyncio.sleep(0.1)
            await asyncio.sleep(WARM_UP)
            statistics.round_trips.clear()
            await asyncio.sleep(seconds - 1)
            reached.extend(statistics.round_trips)

        watching = asyncio.create_task(window())
        await simulation.run()
        await watching

    asyncio.run(measured())
    pace = len(reached) / (seconds - 1)
    print(
        f"event to answer, {pace:.0f} events/s: {percentiles([took * 1000 for took in reached])} (target p95 ≤ 15 ms)"
    )


# -- call.incoming → screen pop


@dataclass
class Pop:
    """A call announced on an agent's page at `at`, seconds since 1970."""

    call_no: str
    at: float


def pops(
    hotline: LiveHotline, app: Flask, *, agents: int = 200, calls_per_second: float = 10, seconds: float = 30
) -> None:
    """Every agent's page open, callers going straight to a person."""
    _without_welcome(app)
    staff = AgentsOnShift(app, agents)
    seen: list[Pop] = []

    def told(event: str, payload: dict[str, Any], at: float) -> None:
        if event == "call:ringing":
            seen.append(Pop(payload["call_no"], at))

    async def measured() -> float:
        cookies = await asyncio.to_thread(_cookies, app, staff)
        pages = [await open_page(hotline.address, cookie, told) for cookie in cookies]
        simulation = Simulation(
            _plan(
                hotline,
                rate=60 * calls_per_second,
                duration=WARM_UP + seconds,
                speed=15,
                habits=EVERYBODY_ANSWERS,
            ),
            staff,
        )
        started = time.time()
        await simulation.run()
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
        return started

    started = asyncio.run(measured())
    arrived = _arrivals(app)
    took = [
        (pop.at - arrived[pop.call_no]) * 1000
        for pop in seen
        if pop.call_no in arrived and started + WARM_UP < arrived[pop.call_no] < started + WARM_UP + seconds
    ]
    print(
        f"call.incoming to screen pop, {agents} agents online, {len(took) / seconds:.1f} calls/s: "
        f"{percentiles(took)} (target p95 ≤ 100 ms)"
    )


def _without_welcome(app: Flask) -> None:
    from config.extensions import db
    from hotline.models import CallQueue

    with app.app_context():
        db.session.query(CallQueue).update({"welcome": False})
        db.session.commit()


def _cookies(app: Flask, staff: AgentsOnShift) -> list[str]:
    """A signed-in browser's cookie per agent."""
    from accounts.services.sessions import open_session

    with app.app_context():
        return [session_cookie(app, open_session(person)) for person in staff.people()]


def _arrivals(app: Flask) -> dict[str, float]:
    """When the switch said that each call came in."""
    from config.extensions import db
    from hotline.models import Call

    with app.app_context():
        rows = db.session.query(Call.call_no, Call.arrived_at).filter(Call.arrived_at.is_not(None))
        return {call_no: arrived_at.timestamp() for call_no, arrived_at in rows}
