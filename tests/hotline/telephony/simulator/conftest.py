"""A hotline that serves real requests in this process, on real PostgreSQL and Redis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from config import clockwork
from hotline.telephony.simulator.habits import Habits
from hotline.telephony.simulator.people import AgentsOnShift
from hotline.telephony.simulator.plan import Plan

AGENTS = 24


@pytest.fixture
def served(committed: Flask) -> Iterator[str]:
    """The address of a hotline with its clock running."""
    server = make_server("127.0.0.1", 0, committed, threaded=True)
    stop = threading.Event()
    running = [
        threading.Thread(target=server.serve_forever, name="web"),
        threading.Thread(target=clockwork.run, args=(committed, stop), name="clock"),
    ]
    for thread in running:
        thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    stop.set()
    for thread in running:
        thread.join()
    server.server_close()


@pytest.fixture
def plan(committed: Flask, served: str, tmp_path: Path) -> Plan:
    """Two hundred calls, as fast as they come; people live twenty-five times as fast as we do."""
    settings = committed.config["SETTINGS"]
    return Plan(
        address=served,
        secret=settings.telephony_secret,
        redis_url=settings.redis_url,
        recordings=tmp_path,
        rate=600,
        calls=200,
        speed=25,
        seed=7,
        habits=Habits(talk_mean=60, call_again=0.2, call_again_after=(20, 60)),
    )


class AgentsWhoStay(AgentsOnShift):
    """They do not go home at the end, so that a test sees what they were doing."""

    def sign_off(self) -> None: ...


@pytest.fixture
def staff(committed: Flask, plan: Plan) -> AgentsOnShift:
    return AgentsWhoStay(committed, AGENTS, plan.speed)
