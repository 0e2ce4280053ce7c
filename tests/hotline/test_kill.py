"""kill -9 on the web process between an event and its answer, a hundred times: nothing is lost, nothing doubled.

A real gunicorn serves; its worker is killed at a random moment while it works on an event, and a new one takes its
place. The switch does what every switch must: it sends the event again, under the same id, until it is answered.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from config.extensions import db
from config.settings import ROOT
from hotline.models import AgentStateChange, Call, CallCommand, CallEvent, CallLeg
from hotline.words import CallState, EndReason
from tests.factories.hotline import make_agent
from tests.hotline.one_call import Signed, one_call, signed
from tests.support.live import LiveHotline, live_hotline

pytestmark = [pytest.mark.kill, pytest.mark.first]

KILLS = 100
MOST_CALLS = 150  # one to an agent; how many kills hit an event at work is the affair of the machine
AT_FIRST = 0.010  # seconds an event takes, until it is known how long it does here
PATIENCE = 60.0
APP = "tests.hotline.rehearsed:create_rehearsed_app()"


@pytest.fixture
def web(committed, tmp_path) -> Iterator[LiveHotline]:
    """Gunicorn with the app made and rehearsed once, so that a killed worker is replaced by one that is at home."""
    found = committed.config["SETTINGS"].model_copy(update={"web_threads": 8, "log_level": "ERROR"})
    with live_hotline(found, tmp_path) as hotline:
        config = str(ROOT / "config" / "gunicorn.py")
        command = (sys.executable, "-m", "gunicorn", "-c", config, "--preload", APP)
        hotline.start("web", command)
        wait_for(hotline.is_ready, 180)
        yield hotline


def wait_for(condition: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.05)


class Killer:
    """Kills the worker that is there, and counts."""

    def __init__(self, web: LiveHotline) -> None:
        self._children = Path(f"/proc/{web.processes['web'].pid}/task/{web.processes['web'].pid}/children")
        self.kills = 0

    def strike(self) -> None:
        for pid in self._children.read_text().split():
            try:
                os.kill(int(pid), signal.SIGKILL)
                self.kills += 1
            except ProcessLookupError:
                pass


class Switch:
    """Sends each event until it is answered; sometimes the worker dies of it."""

    def __init__(self, http: httpx.Client, secret: str, killer: Killer, chance: Random) -> None:
        self._http, self._secret, self._killer, self._chance = http, secret, killer, chance
        self.interrupted = 0
        self._took = deque([AT_FIRST], maxlen=8)
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def tell(self, call: str, kind: str, leg: str, **facts: Any) -> list[dict[str, Any]]:
        event = signed(self._secret, call, kind, leg, **facts)
        if self.interrupted < KILLS:
            timer = threading.Timer(self._chance.uniform(0, 2 * min(self._took)), self._killer.strike)
            timer.start()
            first = self._try(event)
            timer.join()
            self.interrupted += first is None
        answer = self._until_answered(event)
        self.answers[event.id] = answer
        return answer

    def _until_answered(self, event: Signed) -> list[dict[str, Any]]:
        end = time.monotonic() + PATIENCE
        while (answer := self._try(event)) is None:
            assert time.monotonic() < end, "nobody answers any more"
            time.sleep(0.02)
        return answer

    def _try(self, event: Signed) -> list[dict[str, Any]] | None:
        began = time.perf_counter()
        try:
            response = self._http.post("/telephony/events", content=event.body, headers=event.headers)
        except httpx.HTTPError:
            return None
        # The moment of death is drawn from these, on a fast machine as on a busy one: from the shortest, since one that
        # had to wait for a new worker says little.
        self._took.append(time.perf_counter() - began)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["commands"]
        return found


def test_a_hundred_deaths_lose_and_double_nothing(web, committed):
    for _ in range(MOST_CALLS):
        make_agent()
    db.session.commit()
    killer, calls = Killer(web), []
    with httpx.Client(base_url=web.address, timeout=5, trust_env=False) as http:
        switch = Switch(http, committed.config["SETTINGS"].telephony_secret, killer, Random(12345))
        while switch.interrupted < KILLS and len(calls) < MOST_CALLS:
            calls.append(one_call(switch.tell))
    assert switch.interrupted >= KILLS, f"{killer.kills} kills hit only {switch.interrupted} events at work"

    rows = db.session.query(Call).all()
    assert sorted(row.provider_call for row in rows) == sorted(calls)
    assert {row.state for row in rows} == {CallState.ENDED}
    assert {row.end_reason for row in rows} == {EndReason.CALLER_HUNG_UP}
    stored = Counter(event_id for (event_id,) in db.session.query(CallEvent.event_id))
    assert stored == Counter(dict.fromkeys(switch.answers, 1))
    given = Counter(command["id"] for answer in switch.answers.values() for command in answer)
    assert given == Counter(key for (key,) in db.session.query(CallCommand.key))
    rung = Counter(leg.agent_id for leg in db.session.query(CallLeg).filter(CallLeg.agent_id.is_not(None)))
    assert len(rung) == len(calls)
    assert set(rung.values()) == {1}
    for agent_id in rung:
        day = db.session.query(AgentStateChange).filter_by(agent_id=agent_id).order_by(AgentStateChange.id)
        assert [row.state.value for row in day] == ["idle", "reserved", "talking", "wrap_up"]
