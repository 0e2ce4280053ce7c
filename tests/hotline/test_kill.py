"""kill -9 on the web process between an event and its answer, a hundred times: nothing is lost, nothing doubled.

A real gunicorn serves; its worker is killed at a random moment while it works on an event, and a new one takes its
place. The switch does what every switch must: it sends the event again, under the same id, until it is answered.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from config import clock
from config.extensions import db
from config.ids import new_id
from config.settings import ROOT
from hotline.models import AgentStateChange, Call, CallCommand, CallEvent, CallLeg
from hotline.telephony.signature import HEADER, sign
from hotline.words import CallState, EndReason
from tests.factories.hotline import make_agent
from tests.support.live import LiveHotline, live_hotline

pytestmark = pytest.mark.kill

KILLS = 100
MOST_CALLS = 150  # one to an agent; how many kills hit an event at work is the affair of the machine
AT_FIRST = 0.010  # seconds an event takes, until it is known how long it does here
PATIENCE = 20.0


@pytest.fixture
def web(committed, tmp_path) -> Iterator[LiveHotline]:
    """Gunicorn with the app loaded once, so that a killed worker is replaced in a moment."""
    found = committed.config["SETTINGS"].model_copy(update={"web_threads": 8, "log_level": "ERROR"})
    with live_hotline(found, tmp_path) as hotline:
        config = str(ROOT / "config" / "gunicorn.py")
        command = (sys.executable, "-m", "gunicorn", "-c", config, "--preload", "wsgi:create_app()")
        hotline.start("web", command)
        wait_for(hotline.is_ready, 60)
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
        self._takes = AT_FIRST
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def tell(self, call: str, kind: str, leg: str, **facts: Any) -> list[dict[str, Any]]:
        event = {
            "id": new_id(),
            "at": clock.now().isoformat(),
            "provider": "simulator",
            "call": call,
            "leg": leg,
        }
        body = json.dumps({**event, "type": kind, **facts}).encode()
        if self.interrupted < KILLS:
            timer = threading.Timer(self._chance.uniform(0, self._takes), self._killer.strike)
            timer.start()
            first = self._try(body)
            timer.join()
            self.interrupted += first is None
        answer = self._until_answered(body)
        self.answers[event["id"]] = answer
        return answer

    def _until_answered(self, body: bytes) -> list[dict[str, Any]]:
        end = time.monotonic() + PATIENCE
        while (answer := self._try(body)) is None:
            assert time.monotonic() < end, "nobody answers any more"
            time.sleep(0.02)
        return answer

    def _try(self, body: bytes) -> list[dict[str, Any]] | None:
        headers = {HEADER: sign(self._secret, body), "Content-Type": "application/json"}
        began = time.perf_counter()
        try:
            response = self._http.post("/telephony/events", content=body, headers=headers)
        except httpx.HTTPError:
            return None
        # The moment of death is drawn within this, on a fast machine as on a busy one.
        self._takes = min(0.2, 0.8 * self._takes + 0.2 * (time.perf_counter() - began))
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["commands"]
        return found


def one_call(switch: Switch) -> str:
    """From the ring to the end; its key."""
    call = f"c-{new_id()}"
    citizen = f"{call}-c"
    commands = switch.tell(call, "call.incoming", citizen, **{"from": "+8613912340042", "to": "12345"})
    (asked,) = [command["prompt"] for command in commands if command["type"] == "gather"]
    commands = switch.tell(call, "digits", citizen, value="1", prompt=asked)
    (seat,) = [command["leg"] for command in commands if command["type"] == "ring"]
    switch.tell(call, "leg.ringing", seat)
    commands = switch.tell(call, "leg.answered", seat)
    assert [command["type"] for command in commands] == ["connect", "record"]
    switch.tell(call, "leg.ended", citizen, cause="normal", by="caller")
    switch.tell(call, "leg.ended", seat, cause="normal", by="hotline")
    return call


def test_a_hundred_deaths_lose_and_double_nothing(web, committed):
    for _ in range(MOST_CALLS):
        make_agent()
    db.session.commit()
    killer, calls = Killer(web), []
    with httpx.Client(base_url=web.address, timeout=5, trust_env=False) as http:
        switch = Switch(http, committed.config["SETTINGS"].telephony_secret, killer, Random(12345))
        while switch.interrupted < KILLS and len(calls) < MOST_CALLS:
            calls.append(one_call(switch))
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
