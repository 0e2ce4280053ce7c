"""The telephone network's own picture: calls, legs, rooms. It holds no rule of the hotline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.telephony.contract import OURS
from hotline.telephony.simulator.habits import Citizen
from hotline.telephony.simulator.pace import Pace


class Situation(StrEnum):
    """What a person on a leg experiences."""

    RINGING = "ringing"  # nobody has taken the call yet, or whom it was passed on to
    LISTENING = "listening"  # a prompt, or an open line
    WAITING = "waiting"  # music in a queue
    TALKING = "talking"
    HELD = "held"
    ALONE = "alone"  # in a room that everybody else has left
    ENDED = "ended"


@dataclass(eq=False)
class Room:
    """Who hears whom: everybody in it hears everybody else."""

    legs: list[Leg] = field(default_factory=list)


@dataclass(eq=False)
class Leg:
    """One telephone in a call: a citizen's, a seat's, or somebody's outside."""

    id: str
    call: Call
    seat: str | None = None
    number: str | None = None
    role: str = ""
    citizen: Citizen | None = None
    answered: bool = False
    ended: bool = False
    held: bool = False
    talked: bool = False  # was ever in a room with somebody
    waiting_since: float | None = None  # in a queue, with music
    listens_to: Leg | None = None
    listens_as: str = ""  # monitor, whisper or barge
    room: Room | None = None
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_ours(self) -> bool:
        """Whether somebody of the hotline's is rung, at a seat or where they forward to."""
        return self.seat is not None or self.role in OURS

    @property
    def situation(self) -> Situation:
        if self.ended:
            return Situation.ENDED
        if not self.answered:
            return Situation.RINGING
        if self.held:
            return Situation.HELD
        if self.room is not None:
            if len(self.room.legs) > 1:
                return Situation.TALKING
            return Situation.RINGING if self.call.rings else Situation.ALONE
        return Situation.LISTENING if self.waiting_since is None else Situation.WAITING

    async def stirred_within(self, seconds: float | None, pace: Pace) -> bool:
        """Wait for the next stir; False if `seconds` of the city's time passed without one."""
        limit = None if seconds is None else max(seconds, 0) / pace.speed
        try:
            async with asyncio.timeout(limit):
                await self.stirred.wait()
        except TimeoutError:
            return False
        self.stirred.clear()
        return True


@dataclass(eq=False)
class Call:
    """One call, the legs it ever had in their order, and the room in which they meet."""

    id: str
    seq: int = 0
    legs: dict[str, Leg] = field(default_factory=dict)
    room: Room = field(default_factory=Room)
    tape: Tape | None = None
    unwanted: set[str] = field(default_factory=set)  # legs to be hung up before they were rung

    @property
    def live_legs(self) -> list[Leg]:
        return [leg for leg in self.legs.values() if not leg.ended]

    @property
    def first_leg(self) -> Leg:
        return next(iter(self.legs.values()))

    @property
    def rings(self) -> bool:
        """Whether a telephone is ringing in this call."""
        return any(not leg.answered for leg in self.live_legs)

    def stir(self) -> None:
        """Everybody looks again."""
        for leg in self.live_legs:
            leg.talked = leg.talked or leg.situation is Situation.TALKING
            leg.stirred.set()

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq


@dataclass
class Tape:
    """A recording under way: seconds taken so far, and since when it runs, if it does."""

    name: str
    taken: float = 0.0
    running_since: float | None = None
