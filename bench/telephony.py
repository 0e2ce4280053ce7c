"""The telephony's two figures, on a real web server with real PostgreSQL and Redis on the same machine:

event → answer at 50 events/s (target p95 ≤ 15 ms), and `call.incoming` → screen pop in a connected page at
10 calls/s with 200 agents online (target p95 ≤ 100 ms).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from bench.burden import processor_seconds
from bench.support import bench_servers, percentiles
from bench.telephony_sockets import open_page, session_cookie
from hotline.telephony.simulator.habits import Habits
from hotline.telephony.simulator.people import AgentsOnShift, ensure_agents
from hotline.telephony.simulator.plan import Plan
from hotline.telephony.simulator.simulation import Simulation
from tests.support.live import LiveHotline, live_hotline
from wsgi import create_app

WARM_UP = 12.0
EVENTS_PER_CALL = 15  # of a call that is answered
EVERYBODY_ANSWERS = Habits(
    seat_no_answer=0, hang_up_in_welcome=0, wrong_key=0, silent_at_menu=0, call_again=0
)


class Seated(AgentsOnShift):
    """Agents whose wrap-up ends by the hotline's own timer, so that this process does nothing but measure."""

    def look_after(self) -> None: ...


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


def _plan(hotline: LiveHotline, calls_per_second: float, seconds: float) -> Plan:
    """People live thirty times as fast, so that calls, and with them all kinds of events, follow closely."""
    settings = hotline.settings
    return Plan(
        address=hotline.address,
        secret=settings.telephony_secret,
        redis_url=settings.redis_url,
        recordings=settings.var_dir / "recordings",
        rate=60 * calls_per_second,
        duration=WARM_UP + seconds,
        speed=30,
        seed=1,
        habits=EVERYBODY_ANSWERS,
    )


def _set_queue(app: Flask, **values: Any) -> None:
    """Change the default queue."""
    from config.extensions import db
    from hotline.models import CallQueue
    from hotline.services.queues import default_queue

    with app.app_context():
        default_queue()
        db.session.query(CallQueue).update(values)
        db.session.commit()


def _straight_to_a_person(app: Flask) -> None:
    from hotline.services.switches import go_straight

    with app.app_context():
        go_straight(None, True)


# -- event → answer


def answers(hotline: LiveHotline, app: Flask, *, events_per_second: float = 50, seconds: float = 40) -> None:
    """The mix of events that whole calls make, at the pace asked for."""
    _set_queue(app, wrap_up_seconds=1)
    plan = _plan(hotline, events_per_second / EVENTS_PER_CALL, seconds)
    simulation = Simulation(plan, Seated(app, 60))
    statistics = simulation.statistics
    statistics.round_trips = deque()
    spent: list[float] = []

    async def window() -> None:
        while not statistics.counts["calls"]:
            await asyncio.sleep(0.1)
        await asyncio.sleep(WARM_UP - 1)
        statistics.round_trips.clear()
        spent.append(processor_seconds(hotline.processes["web"].pid))
        await asyncio.sleep(seconds)
        spent.append(processor_seconds(hotline.processes["web"].pid))
        spent.extend(statistics.round_trips)

    async def measured() -> None:
        watching = asyncio.create_task(window())
        await simulation.run()
        await watching

    asyncio.run(measured())
    before, after, *took = spent
    each = (after - before) / len(took) * 1000
    print(f"event to answer, {len(took) / seconds:.0f} events/s: {percentiles([t * 1000 for t in took])}")
    workers = hotline.settings.web_workers
    print(
        f"  target p95 ≤ 15 ms; WEB_WORKERS={workers}; processor time of the web server: {each:.1f} ms an event"
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
    _set_queue(app, wrap_up_seconds=1)
    _straight_to_a_person(app)
    seen: list[Pop] = []

    def told(event: str, payload: dict[str, Any], at: float) -> None:
        if event == "call:ringing":
            seen.append(Pop(payload["call_no"], at))

    async def measured() -> None:
        cookies = await asyncio.to_thread(_cookies, app, agents)
        pages = [await open_page(hotline.address, cookie, told) for cookie in cookies]
        simulation = Simulation(_plan(hotline, calls_per_second, seconds), Seated(app, agents))
        await simulation.run()
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)

    asyncio.run(measured())
    arrived = _arrivals(app)
    begin = min(arrived.values()) + WARM_UP - 1
    took = [
        (pop.at - arrived[pop.call_no]) * 1000
        for pop in seen
        if begin < arrived[pop.call_no] < begin + seconds
    ]
    print(
        f"call.incoming to screen pop, {agents} agents online, {len(took) / seconds:.1f} calls/s: "
        f"{percentiles(took)}\n  target p95 ≤ 100 ms; WEB_WORKERS={hotline.settings.web_workers}"
    )


def _cookies(app: Flask, agents: int) -> list[str]:
    """A signed-in browser's cookie per agent."""
    from accounts.services.sessions import open_session

    with app.app_context():
        return [session_cookie(app, open_session(person)) for person in ensure_agents(agents)]


def _arrivals(app: Flask) -> dict[str, float]:
    """When the switch said that each call came in."""
    from config.extensions import db
    from hotline.models import Call

    with app.app_context():
        rows = db.session.query(Call.call_no, Call.arrived_at).filter(Call.arrived_at.is_not(None))
        return {call_no: arrived_at.timestamp() for call_no, arrived_at in rows}
