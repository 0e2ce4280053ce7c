"""What the agent knows of the switch: calls, their legs, who is in which room. Asterisk's own memory is the truth;
`reconcile` rebuilds this one from it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.telephony.contract import OURS

if TYPE_CHECKING:
    from hotline.telephony.asterisk.media import Media
    from hotline.telephony.contract import CommandMessage


@dataclass(eq=False)
class Leg:
    """A channel; its id is the leg's key. `ear` is the snoop channel through which it listens to another leg."""

    key: str
    call: Call
    media: Media
    seat: str | None = None
    number: str | None = None
    role: str = ""
    rang: bool = False
    answered: bool = False
    ended: bool = False
    held: bool = False
    in_room: bool = False
    waiting_since: float | None = None
    music: str = ""
    hangup_asked: str = ""
    ear: str | None = None
    booth_made: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether somebody of the hotline's is rung, at a seat or where they forward to."""
        return self.seat is not None or self.role in OURS

    @property
    def booth(self) -> str:
        """The bridge in which it sits with its ear."""
        return f"booth-{self.key}"


@dataclass(eq=False)
class Call:
    """`room` is its mixing bridge, made when first needed; `tape` the name of the recording under way."""

    id: str
    legs: dict[str, Leg] = field(default_factory=dict)
    room_made: bool = False
    tape: str | None = None
    tape_paused: bool = False
    to_do: asyncio.Queue[CommandMessage] = field(default_factory=asyncio.Queue)
    worker: asyncio.Task[None] | None = None
    seq: int = 0

    @property
    def room(self) -> str:
        """The bridge's id."""
        return f"room-{self.id}"

    @property
    def live_legs(self) -> list[Leg]:
        return [leg for leg in self.legs.values() if not leg.ended]

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq
