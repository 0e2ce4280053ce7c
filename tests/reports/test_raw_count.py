"""Many calls on a bad line: the statistics page and a count of the raw log of its own agree to the second."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from config import clock
from config.extensions import db
from hotline.telephony.simulator.simulation import Simulation
from reports.kpis import Period
from reports.statistics import By, statistics
from scripts.seconds_from_events import count
from tests.hotline.telephony.simulator.conftest import plan, served, staff  # noqa: F401 - fixtures

COUNTED = {
    "offered": "calls_offered",
    "answered": "calls_answered",
    "abandoned": "calls_abandoned",
    "short": "short_abandons",
}
SECONDS = {
    "wait": "wait_total",
    "ring": "ring_total",
    "talk": "talk_total",
    "hold": "hold_total",
    "wrap": "wrap_total",
}


def test_figures_of_the_page_are_those_of_the_raw_log(committed, plan, staff):  # noqa: F811 - fixtures
    asyncio.run(_bounded(Simulation(replace(plan, chaos=0.25, calls=120, rate=450, speed=20), staff)))
    db.session.rollback()
    first, last = clock.today() - timedelta(days=1), clock.today()
    period = Period.of_days(first, last)
    with psycopg.connect(str(committed.config["SETTINGS"].database_url).replace("+psycopg", "")) as link:
        raw = count(link, period.start, period.end, clock.city_zone())
    page = statistics(period, By.DAY)
    days = {row.key.isoformat(): row.figures for row in page.rows} | {"all": page.whole}
    assert raw["all"]["arrived"] >= 120  # some call again
    assert set(raw) == set(days)
    for day, figures in days.items():
        for name, code in COUNTED.items():
            assert raw[day].get(name, 0) == (figures[code].value or 0), (day, name)
        for name, code in SECONDS.items():
            assert raw[day].get(name, 0) == pytest.approx(figures[code].value or 0, abs=0.5), (day, name)
        level = figures["answered_in_15s_of_offered"]
        assert (level.numerator or 0) == raw[day].get("quick", 0)
    assert raw["all"]["answered"] > 10  # however loaded the machine
    assert raw["all"]["talk"] > 0


async def _bounded(simulation: Simulation) -> None:
    async with asyncio.timeout(240):
        await simulation.run()
