"""Agents at seats, and calls made through the same events a switch sends."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from accounts.models import Person
from accounts.roles import Role
from config import clock
from config.extensions import db
from config.ids import new_id
from hotline.models import AgentPresence, Call, CallLeg, Seat
from hotline.services import become_idle, finish_wrap_up, receive_event, sign_on
from hotline.services.queues import create_skill, default_queue, save_queue
from hotline.services.switches import go_straight
from hotline.telephony.contract import CommandMessage, CommandType, EventMessage
from tests.factories.accounts import make_person

_number = itertools.count(1)
PROVIDER = "simulator"
ASKING = (CommandType.GATHER, CommandType.SAY)


def make_seat(number: str = "") -> Seat:
    seat = Seat(number=number or f"8{next(_number):04d}")
    db.session.add(seat)
    db.session.commit()
    return seat


def make_agent(name: str = "", seat: str = "", roles: tuple[Role, ...] = (Role.AGENT,)) -> Person:
    """An agent who sits at a seat and is idle."""
    person = make_person(roles, name=name)
    sign_on(person, make_seat(seat).number)
    return person


def presence_of(person: Person) -> AgentPresence:
    """How the agent stands now, freshly read."""
    db.session.expire_all()
    return db.session.query(AgentPresence).filter_by(agent_id=person.id).one()


def make_queue(code: str, name: str = "", **settings: Any) -> Any:
    """A queue with a skill of its own."""
    skill = create_skill(code, name or code)
    return save_queue(None, code, name=name or code, skill_id=skill.id, **settings)


def without_welcome() -> None:
    """Callers go straight to a person."""
    go_straight(None, True)


def without_survey() -> None:
    """When the agent hangs up, that is the end."""
    default_queue().survey = False
    db.session.commit()


class SwitchCall:
    """A call as a switch sees it: `tell("leg.answered", leg=…)`; remembers the commands it was given."""

    def __init__(self, number: str = "+8613912340042", provider: str = PROVIDER) -> None:
        self.provider = provider
        self.key = f"c-{new_id()[-12:]}"
        self.citizen = f"{self.key}-c"
        self.number = number
        self.seq = itertools.count(1)
        self.commands: list[CommandMessage] = []

    def event(self, kind: str, **facts: Any) -> EventMessage:
        about = {
            "id": new_id(),
            "at": clock.now(),
            "seq": next(self.seq),
            "provider": self.provider,
            "call": self.key,
            "type": kind,
        }
        return EventMessage.model_validate({**about, **facts})

    def tell(self, kind: str, **facts: Any) -> list[CommandMessage]:
        return self.send(self.event(kind, **facts))

    def send(self, event: EventMessage) -> list[CommandMessage]:
        given = receive_event(event)
        self.commands += given
        return given

    def arrive(self, **facts: Any) -> list[CommandMessage]:
        told = {"from": self.number, "to": "12345", **facts}
        return self.tell("call.incoming", leg=self.citizen, **told)

    @property
    def asked(self) -> str:
        """The name of the last question put to the caller."""
        return next(c.prompt for c in reversed(self.commands) if c.type in ASKING) or ""

    def press(self, key: str = "1") -> list[CommandMessage]:
        return self.tell("digits", leg=self.citizen, value=key, prompt=self.asked)

    def hear(self) -> list[CommandMessage]:
        """The prompt is heard to its end."""
        return self.tell("prompt.done", leg=self.citizen, prompt=self.asked)

    def caller_hangs_up(self) -> list[CommandMessage]:
        return self.tell("leg.ended", leg=self.citizen, cause="normal", by="caller")

    @property
    def row(self) -> Call:
        db.session.expire_all()
        return db.session.query(Call).filter_by(provider=self.provider, provider_call=self.key).one()

    @property
    def seat_leg(self) -> str:
        """The seat's leg that was rung last."""
        legs = db.session.query(CallLeg).filter(CallLeg.call_id == self.row.id, CallLeg.agent_id.is_not(None))
        return legs.order_by(CallLeg.id.desc()).first().key


def kinds(commands: Iterable[CommandMessage]) -> list[str]:
    """What is ordered, without of whom."""
    return [command.type.value for command in commands]


def waiting_call(number: str = "+8613912340042") -> SwitchCall:
    """A caller who asked for a person."""
    call = SwitchCall(number)
    call.arrive()
    call.press()
    return call


def make_call(
    agent: Person | None = None, number: str = "+8613912340042", state: str = "ended", **facts: Any
) -> Call:
    """A call, brought by events as far as `state`: queued, ringing, talking or ended.

    It rings at `agent`, who must be idle; without one, somebody is made. An ended call is wrapped up too.
    """
    scene = SwitchCall(number)
    if state != "queued":
        seat = presence_of(agent or make_agent()).seat
        facts.setdefault("prefer_seat", seat.number)
    scene.arrive(**facts)
    if state == "queued":
        scene.press()
    if state in ("talking", "ended"):
        scene.tell("leg.ringing", leg=scene.seat_leg)
        scene.tell("leg.answered", leg=scene.seat_leg)
    if state == "ended":
        scene.caller_hangs_up()
        scene.tell("leg.ended", leg=scene.seat_leg, cause="normal", by="hotline")
        finish_wrap_up(scene.row.agent)
    return scene.row


__all__ = [
    "SwitchCall",
    "become_idle",
    "kinds",
    "make_agent",
    "make_call",
    "make_queue",
    "make_seat",
    "presence_of",
    "waiting_call",
    "without_survey",
    "without_welcome",
]
