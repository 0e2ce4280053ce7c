"""What can be decided about a call. `hotline.services.carry_out` knows how each is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.ivr.steps import Heard
from hotline.models import CallLeg
from hotline.words import LegPhase, QueueExit


@dataclass(frozen=True, eq=False)
class Decision:
    """Something to be done now."""


@dataclass(frozen=True, eq=False)
class Greet(Decision):
    """Take the call."""


@dataclass(frozen=True, eq=False)
class Walk(Decision):
    """The caller answered, or has just come in: on through the flow. `at` is the moment of the answer."""

    heard: Heard
    at: datetime


@dataclass(frozen=True, eq=False)
class Enqueue(Decision):
    """The caller wants a person: give them their place in the queue the flow named."""


@dataclass(frozen=True, eq=False)
class Seek(Decision):
    """Look for an idle agent and ring them."""


@dataclass(frozen=True, eq=False)
class PutBack(Decision):
    """A ring came to nothing: the caller waits again, at the head of the queue."""


@dataclass(frozen=True, eq=False)
class LeaveQueue(Decision):
    """The wait is over."""

    exit: QueueExit


@dataclass(frozen=True, eq=False)
class KeepPlace(Decision):
    """The caller wants to be called back: their place in the queue stays."""


@dataclass(frozen=True, eq=False)
class AskRating(Decision):
    """The agent is gone: ask the citizen how it was."""


@dataclass(frozen=True, eq=False)
class SayGoodbye(Decision):
    """A last word; when it was heard, we hang up."""

    prompt: str


@dataclass(frozen=True, eq=False)
class Connect(Decision):
    """Citizen and seat hear each other, and the recording begins."""

    leg: CallLeg


@dataclass(frozen=True, eq=False)
class Dial(Decision):
    """The agent of an outgoing call is on the line: ring the citizen."""


@dataclass(frozen=True, eq=False)
class LetIn(Decision):
    """Somebody who was asked into the call has picked up: they come into the room."""

    leg: CallLeg


@dataclass(frozen=True, eq=False)
class Listen(Decision):
    """A shift lead has picked up, or wants to hear in another way."""

    leg: CallLeg
    target: CallLeg


@dataclass(frozen=True, eq=False)
class HandOver(Decision):
    """The agent has left and this guest has the citizen."""

    leg: CallLeg


@dataclass(frozen=True, eq=False)
class SendOn(Decision):
    """The agent put the handset down while whom they asked still rings: the citizen waits for that one."""

    leg: CallLeg


@dataclass(frozen=True, eq=False)
class Resume(Decision):
    """The citizen hangs on a hold that nobody wants any more."""


@dataclass(frozen=True, eq=False)
class Requeue(Decision):
    """A transfer came to nothing: the citizen waits for an agent again, at the head of the queue."""


@dataclass(frozen=True, eq=False)
class HangUp(Decision):
    """Put this telephone down."""

    leg: CallLeg
    reason: str = "normal"


@dataclass(frozen=True, eq=False)
class MoveAgent(Decision):
    """The agent's state follows their leg. On release: to the wrap-up, to not ready, or back to idle. `failed`: their
    telephone could not be rung."""

    leg: CallLeg
    phase: LegPhase
    wrap_up: bool = False
    missed: bool = False
    failed: bool = False
