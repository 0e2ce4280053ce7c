"""The words between a flow and whoever walks it: what is heard, what is to be done, and where a caller stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.ivr.document import Prompt


class World(Protocol):
    """What a flow may ask of the world. Each is asked only if the walk comes by."""

    def now(self) -> datetime:
        """The city's time."""

    def is_working_day(self) -> bool:
        """By the working calendar."""

    def broadcast(self) -> Prompt | None:
        """What the city has to say in an emergency; None while it is switched off."""

    def department(self) -> str:
        """Whose former number was dialled, or nobody's: ""."""


class Waits(StrEnum):
    """What a position waits for."""

    KEYS = "keys"
    PLAYED = "played"
    ELSEWHERE = "elsewhere"  # transfer, voicemail, callback, a look-up: somebody else's answer
    NOTHING = ""


# -- what is heard


@dataclass(frozen=True)
class Begin:
    """The call is taken."""


@dataclass(frozen=True)
class Keys:
    """What was pressed; "" is silence."""

    value: str


@dataclass(frozen=True)
class Played:
    """The prompt has been heard to its end."""


@dataclass(frozen=True)
class Found:
    """What a look-up, a transfer, a voicemail or a callback came to; None: nothing, it cannot be."""

    text: str | None = None


Heard = Begin | Keys | Played | Found


# -- what is to be done


@dataclass(frozen=True)
class Say:
    """Play this, and tell when it is over. `step` names the question, so that no other answer counts for it."""

    step: str
    prompt: Prompt


@dataclass(frozen=True)
class Ask:
    """Play this and wait for keys."""

    step: str
    prompt: Prompt
    most: int
    wait: float
    finish: str = ""


@dataclass(frozen=True)
class LookUp:
    """Ask how a case stands; answered by `Found`."""

    number: str
    code: str


@dataclass(frozen=True)
class PutThrough:
    """Ring this number for the caller; `Found(None)` if nobody answers."""

    number: str


@dataclass(frozen=True)
class TakeMessage:
    """Let the caller speak after the tone; `Found(None)` if none can be taken."""

    seconds: int


@dataclass(frozen=True)
class TakeCallback:
    """Keep the caller's place and call them back; `Found(None)` if that cannot be."""

    queue: str


@dataclass(frozen=True)
class Rate:
    """The caller's rating."""

    value: int


@dataclass(frozen=True)
class Wait:
    """The end: wait for a person."""

    queue: str
    priority: int


@dataclass(frozen=True)
class End:
    """The end: put the telephone down."""


Output = Say | Ask | LookUp | PutThrough | TakeMessage | TakeCallback | Rate | Wait | End


@dataclass(frozen=True)
class Position:
    """Where a caller is. `steps` counts the questions; `part` is the part of a node that has several; `pressed` the
    last key of a menu; `kept` what was collected, by name. `over`: the flow has done its part."""

    node: str = ""
    steps: int = 0
    tries: int = 0
    part: str = ""
    waits: Waits = Waits.NOTHING
    pressed: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    over: bool = False

    @property
    def step(self) -> str:
        """The name of the question put, as the switch repeats it with the answer."""
        return f"{self.node}~{self.steps}"
