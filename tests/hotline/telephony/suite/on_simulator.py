"""The scenarios' hands in the simulated city: its people do nothing by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from flask import Flask
from redis.asyncio import Redis

from hotline.telephony.link import mailbox
from hotline.telephony.link.chaos import Chaos
from hotline.telephony.link.journal import Journal
from hotline.telephony.link.line import Line
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.link.wire import wire_to
from hotline.telephony.simulator.habits import Habits, draw_citizen
from hotline.telephony.simulator.model import Leg, Situation
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.switch import PROVIDER, Switch
from tests.hotline.telephony.suite.on_twiml import name_of
from tests.hotline.telephony.suite.stage import Stage
from tests.support.beside import Loop, clock_running, loop_running
from tests.support.served import served

NOBODY_LIFTS = Habits(called_answers=0, seat_no_answer=1)


class QuietCity(Switch):
    """Nobody hangs up, loses patience or picks up but by a test's hand."""

    def watch(self, leg: Leg) -> None: ...

    def answer_leg(self, leg: Leg) -> None:
        """Who asked for a call has their telephone picked up by the hotline, sooner than a test sees it ring. Here, as
        at a desk phone, it is picked up by hand."""
        if leg.seat is None:
            super().answer_leg(leg)


@dataclass(eq=False)
class InTheCity:
    """One of its telephones."""

    loop: Loop
    switch: Switch
    leg: Leg

    def pick_up(self) -> None:
        self.loop.do(Switch.answer_leg, self.switch, self.leg)

    def hang_up(self) -> None:
        self.loop.do(self.switch._put_down, self.leg)

    def is_down(self) -> bool:
        return self.leg.ended

    def hears(self) -> set[str]:
        return self.loop.do(self._hears)

    def _hears(self) -> set[str]:
        leg = self.leg
        match leg.situation:
            case Situation.HELD | Situation.WAITING:
                return {"music"}
            case Situation.ENDED | Situation.RINGING:
                return set()
        if leg.room is None and leg.listens_to is None:
            return {"prompt"} if self.switch.media(leg).is_playing else set()
        return {_name(other) for other in leg.call.live_legs if other is not leg and _speaks_to(other, leg)}


def _speaks_to(speaker: Leg, listener: Leg) -> bool:
    """Who listens is heard by whom they whisper to; they hear all who hear each other."""
    if speaker.held or listener.held:
        return False
    if speaker.listens_to is not None and speaker.room is None:
        return speaker.listens_as == "whisper" and speaker.listens_to is listener
    return speaker.room is not None


def _name(leg: Leg) -> str:
    return leg.seat or name_of(leg.number or "")


@dataclass
class SimulatedProvider:
    loop: Loop
    switch: Switch
    name: str = PROVIDER

    def call_in(self, number: str, key: str) -> InTheCity:
        citizen = replace(draw_citizen(Random(1), number, NOBODY_LIFTS), wrong_keys="", key=key, reaction=0.2)
        call = self.loop.do(self.switch.place_call, citizen)
        return InTheCity(self.loop, self.switch, call.first_leg)

    def ringing(self, person: str) -> InTheCity | None:
        legs = self.loop.do(lambda: [leg for call in self.switch.calls.values() for leg in call.live_legs])
        ringing = [leg for leg in legs if not leg.answered and person in (leg.seat, leg.number)]
        return InTheCity(self.loop, self.switch, ringing[-1]) if ringing else None


@contextmanager
def simulator_stage(app: Flask, folder: Path, chaos: float = 0.0) -> Iterator[Stage]:
    with served(app) as address, clock_running(app), loop_running() as loop:
        opened = loop.wait(_open(app, address, folder, chaos))
        try:
            yield Stage(SimulatedProvider(loop, opened.switch))
        finally:
            loop.wait(opened.close())


class _Opened:
    """The parts of a simulation that a test leads by hand."""

    async def close(self) -> None:
        self.switch.end_everything("shutdown")
        await self.switch.still()
        await self.line.drained(10)
        await self.line.close()
        await end(self.tasks)
        await self.redis.aclose()
        await self.wire.__aexit__(None, None, None)


async def _open(app: Flask, address: str, folder: Path, chaos: float) -> _Opened:
    settings, opened = app.config["SETTINGS"], _Opened()
    opened.wire = wire_to(address)
    opened.redis = Redis.from_url(settings.redis_url)
    statistics = Statistics()
    opened.line = Line(
        await opened.wire.__aenter__(),
        settings.telephony_secret,
        lambda commands: opened.switch.obey(commands),
        statistics,
        Chaos(chaos, Random(7)),
        Journal(opened.redis, PROVIDER),
    )
    opened.switch = QuietCity(
        send=opened.line.send,
        chance=Random(1),
        habits=NOBODY_LIFTS,
        pace=Pace(1),
        statistics=statistics,
        recordings=folder,
    )
    listens = asyncio.Event()
    taking = mailbox.take_commands(opened.redis, PROVIDER, opened.switch.obey, opened.line, listens=listens)
    opened.tasks = [asyncio.create_task(taking)]
    await listens.wait()  # else the first ring of a scenario may come only when it is pushed again
    return opened
