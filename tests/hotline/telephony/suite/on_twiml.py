"""The scenarios' hands at the local carrier."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask

from hotline.telephony.twiml.agent import Agent
from tests.hotline.telephony.suite.stage import OUTSIDE, Stage
from tests.hotline.telephony.twiml.carrier import ACCOUNT, NUMBER, TOKEN, Carrier
from tests.hotline.telephony.twiml.line import Line
from tests.support.beside import Loop, clock_running, loop_running
from tests.support.served import served


def name_of(person: str) -> str:
    """Seats by their number, the citizen and somebody outside by what they are."""
    if person == OUTSIDE:
        return "other"
    return person if person.isdigit() else "citizen"


@dataclass(eq=False)
class AtTheCarrier:
    """One of its telephones."""

    line: Line

    def pick_up(self) -> None:
        self.line.pick_up()

    def hang_up(self) -> None:
        self.line.hang_up()

    def hears(self) -> set[str]:
        with self.line.carrier.lock:
            found = self.line.hears()
        return {voice if voice in ("music", "prompt") else name_of(voice) for voice in found}

    def is_down(self) -> bool:
        return self.line.is_over


@dataclass
class TwimlProvider:
    carrier: Carrier
    name: str = "twiml"

    def call_in(self, number: str, key: str) -> AtTheCarrier:
        line = self.carrier.call_in(number)
        line.press(key)
        return AtTheCarrier(line)

    def ringing(self, person: str) -> AtTheCarrier | None:
        with self.carrier.lock:
            lines = [line for line in self.carrier.lines.values() if line.person == person]
        ringing = [line for line in lines if line.status == "ringing" and not line.inbound]
        return AtTheCarrier(ringing[-1]) if ringing else None


class AgentBeside:
    """The process `./manage twiml run`, in a loop of the test; it can be stopped and begin anew."""

    def __init__(self, app: Flask, loop: Loop) -> None:
        self._app, self._loop = app, loop
        self._running: list[tuple[Agent, asyncio.Task[None]]] = []

    def start(self) -> None:
        agent = self._loop.do(Agent, self._app)
        self._running.append((agent, self._loop.do(asyncio.create_task, agent.run())))

    def stop(self) -> None:
        """The oldest first."""
        while self._running:
            agent, task = self._running.pop(0)
            self._loop.do(agent.stop)
            self._loop.wait(asyncio.wait_for(task, 30))


@contextmanager
def twiml_running(app: Flask) -> Iterator[tuple[Carrier, AgentBeside]]:
    """A hotline that is a customer of the carrier, with its agent and its clock."""
    carrier = Carrier()
    before = app.config["SETTINGS"]
    try:
        with served(app) as address:
            app.config["SETTINGS"] = before.model_copy(
                update={
                    "twiml_account": ACCOUNT,
                    "twiml_token": TOKEN,
                    "twiml_number": NUMBER,
                    "twiml_public_url": address,
                    "twiml_rest_url": carrier.address,
                    "twiml_sip_domain": "hotline.example",
                }
            )
            carrier.hotline = address
            with clock_running(app), loop_running() as loop:
                agent = AgentBeside(app, loop)
                agent.start()
                try:
                    yield carrier, agent
                finally:
                    carrier.close()
                    agent.stop()
    finally:
        app.config["SETTINGS"] = before


@contextmanager
def twiml_stage(app: Flask) -> Iterator[Stage]:
    with twiml_running(app) as (carrier, _agent):
        yield Stage(TwimlProvider(carrier))
