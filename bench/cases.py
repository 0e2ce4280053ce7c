"""Cases: registrations per second from four clients, and what lists and pages cost at 100,000 and 1,000,000 cases."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from typing import Any

from bench.case_city import Town, fill, found_town
from bench.case_lists import measure_lists, measure_pages
from bench.support import bench_servers, p95, percentiles
from config.settings import Settings

CLIENTS = 4
EACH = 400
SMALL, LARGE = 100_000, 1_000_000


def main() -> None:
    with bench_servers() as (settings, _found):
        _registrations(settings)
        _lists(settings)


def _registrations(settings: Settings) -> None:
    """Four processes register at the same time, each through the service with everything it does."""
    from wsgi import create_app

    with create_app(settings).app_context():
        town = found_town()
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm_up, [(settings, town, n) for n in range(CLIENTS)]))
        start = time.perf_counter()
        took = [
            ms for one in pool.map(_register, [(settings, town, n) for n in range(CLIENTS)]) for ms in one
        ]
        seconds = time.perf_counter() - start
    print(
        f"registered through the service: {len(took) / seconds:.0f}/s from {CLIENTS} clients (target ≥ 200/s)"
    )
    print(f"  each: {percentiles(took)}")


_apps: dict[str, Any] = {}


def _app(settings: Settings) -> Any:
    from wsgi import create_app

    if settings.database_url not in _apps:
        _apps[settings.database_url] = create_app(settings)
    return _apps[settings.database_url]


def _warm_up(job: tuple[Settings, Town, int]) -> None:
    """Import, connect, fill the caches: what a server has done long before its first case of the day."""
    settings, town, client = job
    time.sleep(0.2)  # so that each process takes one
    _work(settings, town, client + 100, 3)


def _register(job: tuple[Settings, Town, int]) -> list[float]:
    settings, town, client = job
    return _work(settings, town, client, EACH)


def _work(settings: Settings, town: Town, client: int, count: int) -> list[float]:
    from accounts.models import Person
    from config.extensions import db
    from dispatch.services import CaseIntake, register_case

    took = []
    with _app(settings).app_context():
        agent = db.session.get(Person, town.agent)
        # Known to the client, as to a request of somebody who is signed in.
        assert agent is not None
        assert agent.roles
        db.session.expunge_all()
        for n in range(count):
            intake = CaseIntake(
                title="路灯不亮",
                content="幸福路 12 号门前的路灯三天不亮，晚上看不清路。",
                asked="尽快修好",
                category_code="0305",
                phone=f"13{client % 10}{n:08d}",
                citizen_name="张三",
                street_code=town.streets[n % len(town.streets)],
                intake_key=f"bench-{client}-{n}",
            )
            start = time.perf_counter()
            register_case(agent, intake)
            took.append((time.perf_counter() - start) * 1000)
            db.session.expunge_all()
    return took


def _lists(settings: Settings) -> None:
    """The same lists and pages at both sizes; the second may cost at most 1.3 times the first, and 50 ms."""
    app = _app(settings)
    at: dict[int, dict[str, list[float]]] = {}
    for size in (SMALL, LARGE):
        with app.app_context():
            town = found_town()
            start = time.perf_counter()
            fill(town, size)
            print(f"\n{size:,} cases ({time.perf_counter() - start:.0f} s to fill)", flush=True)
            at[size] = measure_lists(town)
        at[size] |= measure_pages(app, town)
    _compare(at)


def _compare(at: dict[int, dict[str, list[float]]]) -> None:
    print(f"\n{'in ms':<34}{f'{SMALL:,} p50':>14}{'p95':>8}{f'{LARGE:,} p50':>16}{'p95':>8}   ratio of p95")
    late: list[str] = []
    for name, took in at[LARGE].items():
        small, large = p95(at[SMALL][name]), p95(took)
        # Below two milliseconds the clock and the scheduler are most of what is measured.
        slow = large > 50 or (large > 2 and large / small > 1.3)
        late += [name] if slow else []
        half, whole = median(at[SMALL][name]), median(took)
        mark = "  <" if slow else ""
        print(f"{name:<34}{half:>14.1f}{small:>8.1f}{whole:>16.1f}{large:>8.1f}   {large / small:.2f}{mark}")
    print("beyond 50 ms or 1.3 times: " + (", ".join(late) or "none"))


def timed(what: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each of `times` runs."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        took.append((time.perf_counter() - start) * 1000)
    return took
