"""A flow as a document: nodes by name, each of a kind, each naming where the caller goes next.

What is merely unwise or unfinished (a target that is nowhere, a loop, an empty prompt) can be written down and is found
by `hotline.ivr.check`; what cannot be read at all is refused here.
"""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

PERSON = "person"
"""A target that every flow has without writing it down: somebody at the default queue."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Target = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_-]{0,31})?$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,32}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
MOST_NODES = 200
SOUND = re.compile(r"^p-[0-9a-f]{32}$")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prompt(Part):
    """What is said. With a `sound` that recording is heard, and `text` is what it says, for those who read the flow;
    without, the text is spoken by a synthetic voice. `{department}` stands for whose former number was dialled."""

    text: str = Field(default="", max_length=600)
    sound: str = Field(default="", pattern=r"^(p-[0-9a-f]{32})?$")
    language: Literal["zh", "en"] = "zh"

    @field_validator("text")
    @classmethod
    def _readable(cls, text: str) -> str:
        return "".join(c if c.isprintable() else " " for c in text).strip()

    @property
    def is_silent(self) -> bool:
        return not (self.text or self.sound)


class Span(Part):
    """Weekdays (0 is Monday) and the time of day, both ends in the city's time; `until` is no longer open."""

    days: frozenset[Annotated[int, Field(ge=0, le=6)]] = Field(min_length=1)
    since: time
    until: time

    def holds(self, weekday: int, at: time) -> bool:
        return weekday in self.days and self.since <= at and (at < self.until or self.until == time(23, 59))


class Node(Part):
    """What every node has. `title` is how people call it."""

    title: Title = ""


class Play(Node):
    """Say something, go on."""

    kind: Literal["play"] = "play"
    prompt: Prompt = Prompt()
    next: Target = ""


class Menu(Node):
    """One key leads on. Silence for `wait` seconds goes to `silence`, the wrong key `tries` times to `otherwise`."""

    kind: Literal["menu"] = "menu"
    prompt: Prompt = Prompt()
    choices: dict[Key, Target] = {}
    wait: float = Field(default=3, ge=0, le=30)
    silence: Target = PERSON
    tries: int = Field(default=2, ge=1, le=5)
    otherwise: Target = PERSON


class Digits(Node):
    """Several keys, kept as `name` for who looks at the call; without any after `tries` to `otherwise`."""

    kind: Literal["digits"] = "digits"
    prompt: Prompt = Prompt()
    name: Name = "digits"
    least: int = Field(default=1, ge=1, le=32)
    most: int = Field(default=20, ge=1, le=32)
    wait: float = Field(default=6, ge=0, le=30)
    tries: int = Field(default=2, ge=1, le=5)
    next: Target = ""
    otherwise: Target = PERSON


class Hours(Node):
    """By the city's clock."""

    kind: Literal["hours"] = "hours"
    spans: tuple[Span, ...] = Field(default=(), max_length=14)
    open: Target = ""
    closed: Target = ""


class Holiday(Node):
    """By the working calendar, make-up working days included."""

    kind: Literal["holiday"] = "holiday"
    working_day: Target = ""
    day_off: Target = ""


class Broadcast(Node):
    """The city's emergency broadcast, while it is switched on."""

    kind: Literal["broadcast"] = "broadcast"
    next: Target = ""


class Queue(Node):
    """Wait for a person; an empty `queue` is that of the number dialled, else the default one. `priority` is added."""

    kind: Literal["queue"] = "queue"
    queue: Code = ""
    priority: int = Field(default=0, ge=0, le=100)


class Transfer(Node):
    """To a number outside; where nobody answers there, to `otherwise`."""

    kind: Literal["transfer"] = "transfer"
    prompt: Prompt = Prompt()
    number: Annotated[str, StringConstraints(pattern=r"^(\+?[0-9]{2,20})?$")] = ""
    otherwise: Target = PERSON


class Voicemail(Node):
    """A message that becomes a task; where none can be taken now, to `otherwise`."""

    kind: Literal["voicemail"] = "voicemail"
    prompt: Prompt = Prompt()
    seconds: int = Field(default=180, ge=10, le=600)
    otherwise: Target = PERSON


class CaseProgress(Node):
    """Case number and query code by key; the state is spoken. Three wrong answers lead to `otherwise`."""

    kind: Literal["case_progress"] = "case_progress"
    number_prompt: Prompt = Prompt()
    code_prompt: Prompt = Prompt()
    wrong: Prompt = Prompt()
    tries: int = Field(default=3, ge=1, le=5)
    next: Target = ""
    otherwise: Target = PERSON


class CallbackOffer(Node):
    """Pressing `key` keeps the place in `queue` and ends the call; everything else goes on to `next`."""

    kind: Literal["callback_offer"] = "callback_offer"
    prompt: Prompt = Prompt()
    key: Key = "1"
    queue: Code = ""
    wait: float = Field(default=4, ge=0, le=30)
    next: Target = PERSON


class Survey(Node):
    """One rating by key, then on."""

    kind: Literal["survey"] = "survey"
    prompt: Prompt = Prompt()
    keys: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,10}$")] = "12345"
    wait: float = Field(default=5, ge=0, le=30)
    next: Target = ""


class HangUp(Node):
    """Say good-bye and end the call."""

    kind: Literal["hang_up"] = "hang_up"
    prompt: Prompt = Prompt()


AnyNode = Annotated[
    Play | Menu | Digits | Hours | Holiday | Broadcast | Queue | Transfer | Voicemail | CaseProgress
    | CallbackOffer | Survey | HangUp,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS: dict[str, type[Any]] = {
    kind.model_fields["kind"].default: kind
    for kind in (
        Play, Menu, Digits, Hours, Holiday, Broadcast, Queue, Transfer, Voicemail, CaseProgress, CallbackOffer,
        Survey, HangUp,
    )
}  # fmt: skip


class Flow(Part):
    """Where a caller begins, and every node by its name."""

    start: Target = PERSON
    nodes: dict[Name, AnyNode] = Field(default={}, max_length=MOST_NODES)

    @field_validator("nodes")
    @classmethod
    def _person_is_taken(cls, nodes: dict[str, AnyNode]) -> dict[str, AnyNode]:
        if PERSON in nodes:
            raise ValueError(f"no node may be called {PERSON}")
        return nodes


def exits(node: AnyNode) -> list[tuple[str, str]]:
    """(exit, target) of a node: the field's name, or `key 1` for a menu's choice. Only the exits that must lead on."""
    found = [(f"key {key}", target) for key, target in sorted(getattr(node, "choices", {}).items())]
    for field in ("next", "open", "closed", "working_day", "day_off", "silence", "otherwise"):
        if field in type(node).model_fields:
            found.append((field, getattr(node, field)))
    return found


def prompts(node: AnyNode) -> list[tuple[str, Prompt]]:
    """(field, prompt) of every prompt a node has."""
    names = ("prompt", "number_prompt", "code_prompt", "wrong")
    return [(name, getattr(node, name)) for name in names if name in type(node).model_fields]
