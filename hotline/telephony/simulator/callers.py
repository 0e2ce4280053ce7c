"""Everybody who calls: strangers, those who try once more, and whom the demonstration asks to ring somebody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random

import structlog

from config import clock
from hotline.telephony.link.line import Line
from hotline.telephony.simulator.arrivals import Arrivals, Population
from hotline.telephony.simulator.habits import draw_citizen
from hotline.telephony.simulator.model import Call
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.plan import Plan
from hotline.telephony.simulator.switch import Switch

log = structlog.get_logger(__name__)
PATIENT = 1800.0  # seconds that somebody who was asked to call waits


class Callers:
    """Places calls on the switch."""

    def __init__(self, plan: Plan, switch: Switch, line: Line, pace: Pace, chance: Random) -> None:
        self._plan = plan
        self._switch = switch
        self._line = line
        self._pace = pace
        self._chance = chance
        self._population = Population(chance)
        self._again: set[asyncio.Task[None]] = set()
        self._closed = False

    async def come(self) -> None:
        """Strangers call at the plan's rate, until there were as many as planned."""
        if not self._plan.rate:
            await asyncio.Event().wait()
        stream = Arrivals(self._chance, self._plan.rate, follow_the_day=self._plan.follow_the_day)
        placed = 0
        while self._plan.calls is None or placed < self._plan.calls:
            await asyncio.sleep(stream.next_gap())
            if not stream.comes(clock.local(clock.now())):
                continue
            if self._line.is_down:  # the network's busy tone: the hotline never hears of this call
                self._switch.statistics.count("busy_tone")
                await self._line.reachable()
                continue
            self._call(self._population.caller())
            placed += 1

    def perhaps_again(self, call: Call) -> None:
        """Who did not get to talk to anybody may call once more."""
        first = call.first_leg
        if self._closed or first.citizen is None or first.talked or first.citizen.calls_again_after is None:
            return
        waiting = asyncio.create_task(self._call_again(first.citizen.number, first.citizen.calls_again_after))
        self._again.add(waiting)
        waiting.add_done_callback(self._again.discard)

    def ring_me(self, request: dict[str, str]) -> None:
        """The demonstration's button: a patient citizen who wants to speak to this seat."""
        if request.get("kind") != "ring_me":
            log.warning("request_not_understood", request=request)
            return
        citizen = draw_citizen(self._chance, self._population.caller(), self._plan.habits)
        self._switch.statistics.count("rung_on_request")
        self._switch.place_call(
            replace(
                citizen,
                prefer_seat=request.get("seat") or None,
                hangs_up_in_welcome_after=None,
                wrong_keys="",
                key="1",
                patience=PATIENT,
                hold_patience=PATIENT,
                calls_again_after=None,
            )
        )
        log.info("ring_me", seat=request.get("seat"))

    def close(self) -> None:
        """Nobody calls any more."""
        self._closed = True
        for waiting in self._again:
            waiting.cancel()

    def _call(self, number: str) -> None:
        self._switch.place_call(draw_citizen(self._chance, number, self._plan.habits))

    async def _call_again(self, number: str, after: float) -> None:
        await self._pace.sleep(after)
        self._switch.statistics.count("called_again")
        self._call(number)
