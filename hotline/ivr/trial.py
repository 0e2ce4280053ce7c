"""A caller on trial: the flow walked by keys that somebody types into a page, told as what the caller hears. Pure.

The trial holds no state: what was heard so far is a list of short words, and is walked again from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hotline.ivr import steps
from hotline.ivr.document import Flow, Prompt
from hotline.ivr.steps import Begin, Found, Heard, Keys, Played, Position
from hotline.ivr.walk import walk

MOST_HEARD = 80


@dataclass(frozen=True)
class TrialWorld:
    """The world as whoever tries it wants it."""

    at: datetime
    working_day: bool = True
    says: Prompt | None = None
    name: str = ""

    def now(self) -> datetime:
        return self.at

    def is_working_day(self) -> bool:
        return self.working_day

    def broadcast(self) -> Prompt | None:
        return self.says

    def department(self) -> str:
        return self.name


@dataclass(frozen=True)
class Moment:
    """One thing that happened: at a node, an output, or (`pressed`) what the caller did."""

    node: str
    output: steps.Output | None = None
    pressed: str | None = None


@dataclass
class Trial:
    """How far it went."""

    position: Position = field(default_factory=Position)
    moments: list[Moment] = field(default_factory=list)


def heard_of(word: str) -> Heard | None:
    """`k12` keys, `k` silence, `p` played to the end, `f` nothing found, `f…` found; None if it is no such word."""
    head, rest = word[:1], word[1:]
    if head == "k" and len(rest) <= 32 and set(rest) <= set("0123456789*#"):
        return Keys(rest)
    if word == "p":
        return Played()
    return Found(rest[:600] or None) if head == "f" else None


def try_out(flow: Flow, world: TrialWorld, words: list[str]) -> Trial:
    """From the beginning through everything heard."""
    trial = Trial()
    _go(trial, flow, world, Begin())
    for word in words[:MOST_HEARD]:
        heard = heard_of(word)
        if heard is None or trial.position.over:
            continue
        if isinstance(heard, Keys):
            trial.moments.append(Moment(trial.position.node, pressed=heard.value))
        _go(trial, flow, world, heard)
    return trial


def _go(trial: Trial, flow: Flow, world: TrialWorld, heard: Heard) -> None:
    trial.position, outputs = walk(flow, trial.position, heard, world)
    trial.moments += [Moment(_where(output, trial.position), output) for output in outputs]


def _where(output: steps.Output, position: Position) -> str:
    step = getattr(output, "step", "")
    return step.partition("~")[0] or position.node
