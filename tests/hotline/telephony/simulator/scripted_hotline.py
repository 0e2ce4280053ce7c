"""A hotline of thirty lines that answers a switch in virtual time, and remembers what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

from hotline.telephony.contract import CommandMessage, EventMessage, EventType
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.simulator.habits import Citizen, Habits, draw_citizen
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.switch import Switch
from tests.hotline.telephony.simulator.virtual_time import moment

Rule = Callable[[EventMessage], Iterable[dict[str, Any]]]
SEAT = "8001"


def ordinary(event: EventMessage) -> Iterable[dict[str, Any]]:
    """Answer, welcome, menu, ring the one seat, put through, hang up when either does."""
    citizen, seat = f"{event.call}-c", f"{event.call}-s"
    match event.type:
        case EventType.CALL_INCOMING:
            yield {"type": "answer"}
            yield {"type": "play", "prompt": "welcome"}
        case EventType.PROMPT_DONE if event.prompt == "welcome":
            yield {"type": "gather", "prompt": "menu", "max": 1, "timeout": 3}
        case EventType.DIGITS if event.value and event.value not in "01":
            yield {"type": "gather", "prompt": "menu", "max": 1, "timeout": 3}
        case EventType.DIGITS:
            yield {"type": "queue", "leg": citizen}
            yield {"type": "ring", "seat": SEAT, "leg": seat, "timeout": 15}
        case EventType.LEG_ANSWERED if event.leg == seat:
            yield {"type": "connect", "legs": [citizen, seat]}
            yield {"type": "record", "action": "start"}
        case EventType.LEG_ENDED if event.cause != "no_answer":
            yield {"type": "hangup"}


class Scene:
    """A switch whose events reach `rule` a moment later, and the story they tell."""

    def __init__(
        self, folder: Path, rule: Rule = ordinary, habits: Habits | None = None, speed: float = 1
    ) -> None:
        self.heard: list[EventMessage] = []
        self._rule = rule
        self._ids = iter(range(10**6))
        self.habits = habits or Habits(seat_no_answer=0)
        self.switch = Switch(
            send=self._take,
            chance=Random(1),
            habits=self.habits,
            pace=Pace(speed, now=moment),
            statistics=Statistics(),
            recordings=folder,
        )
        self.switch.simulated_seats = frozenset({SEAT})

    def _take(self, event: EventMessage) -> None:
        self.heard.append(event)
        asyncio.get_running_loop().call_later(0.005, self.order, event.call, *self._rule(event))

    def order(self, call: str, *commands: dict[str, Any]) -> None:
        self.switch.obey(
            CommandMessage.model_validate({"id": f"c{next(self._ids)}", "call": call, **command})
            for command in commands
        )

    def citizen(self, **traits: Any) -> Citizen:
        """Somebody without whims, but for `traits`."""
        from dataclasses import replace

        plain = {
            "hangs_up_in_welcome_after": None,
            "wrong_keys": "",
            "key": "1",
            "patience": 300.0,
            "talk": 100.0,
            "hold_patience": 120.0,
            "hangs_up_first": True,
            "calls_again_after": None,
        }
        return replace(draw_citizen(Random(1), "+8612500000042", self.habits), **{**plain, **traits})

    async def over(self) -> None:
        await self.switch.quiet()
        await self.switch.still()

    def story(self, leg: str | None = None) -> list[str]:
        """The types of what was heard, in order; of one leg by the end of its name (`c`, `s`)."""
        return [str(e.type) for e in self.heard if leg is None or (e.leg or "").endswith(f"-{leg}")]

    def the(self, kind: str, leg: str | None = None) -> EventMessage:
        """The one event of this type."""
        (found,) = [e for e in self.heard if e.type == kind and (leg is None or e.leg.endswith(f"-{leg}"))]
        return found

    def seconds_between(self, first: EventMessage, second: EventMessage) -> float:
        return (second.at - first.at).total_seconds()
