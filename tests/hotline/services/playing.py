"""A switch that acts a plot: carries out commands, makes events, and lets the test choose who hears of what when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config import clock
from config.ids import new_id
from hotline.services import receive_event
from hotline.telephony.contract import CommandMessage, CommandType, EventMessage


@dataclass(frozen=True)
class Plot:
    """What the people in the call do."""

    name: str
    agents: int = 1
    first_seat_answers: bool = True
    caller_leaves: str = "talk"  # welcome, menu, queue, ring, talk, callback, or never: then the agent does
    holds: bool = False
    keys: tuple[tuple[str, str], ...] = ()  # what is pressed at which node; "1" elsewhere
    closed: bool = False  # the queue, so that a message is asked for


ASKS_FOR_A_CASE = (("welcome", "3"), ("progress", "123"))
PLOTS = [
    Plot("answered, the caller hangs up"),
    Plot("answered, the agent hangs up", caller_leaves="never"),
    Plot("answered, held and resumed", holds=True),
    Plot("abandoned in the welcome", caller_leaves="welcome"),
    Plot("asked for a case three times in vain, answered", keys=ASKS_FOR_A_CASE),
    Plot("abandoned deep in the menu", keys=ASKS_FOR_A_CASE, caller_leaves="menu"),
    Plot("abandoned in the queue", agents=0, caller_leaves="queue"),
    Plot("abandoned while it rings", caller_leaves="ring"),
    Plot("nobody picks up, another agent does", agents=2, first_seat_answers=False),
    Plot("asks to be called back", agents=0, caller_leaves="callback"),
    Plot("asks to be called back and hangs up at once", agents=0, caller_leaves="callback at once"),
    Plot("leaves a message", agents=0, caller_leaves="never", closed=True),
]
HEARD = {"voicemail": 10, "voicemail_thanks": 24, "callback_kept": 75, "survey_thanks": 96}
"""When each prompt is heard to its end."""


@dataclass
class PlayedCall:
    """Events wait in `pending` until delivered. Each has the time of the plot, whenever it is delivered."""

    plot: Plot
    start: datetime
    key: str = field(default_factory=lambda: f"c-{new_id()[-12:]}")
    pending: list[EventMessage] = field(default_factory=list)
    heard: list[EventMessage] = field(default_factory=list)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    obeyed: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    legs: list[str] = field(default_factory=list)
    rings: int = 0
    steps: int = 0
    goodbye: float = 90.0
    latest: float = 0.0

    @property
    def citizen(self) -> str:
        return f"{self.key}-c"

    def begin(self) -> None:
        self.happen(0, "call.incoming", self.citizen, **{"from": "+8613912340042", "to": "12345"})
        if self.plot.caller_leaves == "welcome":
            self.end(2, self.citizen, "caller")

    def happen(self, second: float, kind: str, leg: str, **facts: Any) -> None:
        """The network reports; its clock and ours stand at the latest thing that happened."""
        self.latest = max(self.latest, second)
        clock._turned.set(self.start + timedelta(seconds=self.latest))
        about = {"id": new_id(), "at": self.start + timedelta(seconds=second), "seq": len(self.heard)}
        self.pending.append(
            EventMessage.model_validate(
                {**about, "provider": "simulator", "call": self.key, "leg": leg, "type": kind, **facts}
            )
        )

    def end(self, second: float, leg: str, by: str, cause: str = "normal") -> None:
        if leg not in self.ended:
            self.ended.add(leg)
            self.happen(second, "leg.ended", leg, cause=cause, by=by)

    def deliver(self, index: int) -> None:
        """One waiting event reaches the hotline, and its answer is obeyed."""
        event = self.pending.pop(index % len(self.pending))
        commands = receive_event(event)
        self.heard.append(event)
        self.answers[event.id] = [command.wire() for command in commands]
        for command in commands:
            self.obey(command)

    def deliver_again(self, index: int) -> None:
        """An event the hotline knows already; it must answer as it did."""
        event = self.heard[index % len(self.heard)]
        again = [command.wire() for command in receive_event(event)]
        assert again == self.answers[event.id]

    def obey(self, command: CommandMessage) -> None:
        """Carry out, each command once."""
        if command.id in self.obeyed:
            return
        self.obeyed.add(command.id)
        plot, leg = self.plot, command.leg or ""
        match command.type:
            case CommandType.ANSWER:
                self.happen(1, "leg.answered", self.citizen)
            case CommandType.GATHER if command.prompt == "survey":
                self.happen(93, "digits", self.citizen, value="5", prompt="survey")
            case CommandType.PLAY:
                self.goodbye = HEARD[command.prompt or ""]
                self.happen(self.goodbye, "prompt.done", self.citizen, prompt=command.prompt)
            case CommandType.RECORD if command.leg:
                facts = {"url": "file:///m.wav", "seconds": 8.0, "sha256": "0" * 64, "prompt": command.prompt}
                self.happen(20, "recording.ready", self.citizen, **facts)
            case CommandType.GATHER if plot.caller_leaves != "welcome":
                node, _tilde, _number = (command.prompt or "").partition("~")
                pressed = dict(plot.keys).get(node, "1")
                self.happen(self._step(), "digits", self.citizen, value=pressed, prompt=command.prompt)
                if plot.caller_leaves == "menu" and self.steps == 3:
                    self.end(self.through + 1, self.citizen, "caller")
            case CommandType.SAY if self.citizen not in self.ended:
                self.happen(self._step(), "prompt.done", self.citizen, prompt=command.prompt)
            case CommandType.QUEUE:
                self.happen(self.through, "queue.joined", self.citizen)
                if plot.caller_leaves == "queue":
                    self.end(40, self.citizen, "caller")
                if plot.caller_leaves.startswith("callback"):
                    self.happen(66, "digits", self.citizen, value="1", prompt="callback_offer")
                if plot.caller_leaves == "callback at once":
                    self.end(67, self.citizen, "caller")
            case CommandType.RING:
                self._ring(leg)
            case CommandType.CONNECT:
                self._talk(command.legs or [])
            case CommandType.HANGUP:
                self.end(self.goodbye + 1, leg, "hotline")

    @property
    def through(self) -> float:
        """The second of the last answer in the menu."""
        return 4 + 2 * max(1, self.steps)

    def _step(self) -> float:
        self.steps += 1
        return self.through

    def _ring(self, leg: str) -> None:
        self.rings += 1
        self.legs.append(leg)
        base = self.through + 16 * (self.rings - 1)
        self.happen(base + 1, "leg.ringing", leg)
        if self.plot.caller_leaves == "ring":
            self.end(12, self.citizen, "caller")
        elif self.rings == 1 and not self.plot.first_seat_answers:
            self.end(base + 15, leg, "switch", "no_answer")
        else:
            self.happen(base + 4, "leg.answered", leg)

    def _talk(self, legs: list[str]) -> None:
        if self.plot.holds:
            self.happen(40, "leg.held", self.citizen)
            self.happen(55, "leg.resumed", self.citizen)
        if self.plot.caller_leaves == "never":
            self.end(90, legs[1], "agent")
        else:
            self.end(90, self.citizen, "caller")
