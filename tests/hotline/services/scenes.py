"""Calls in the middle of things, for tests that go on from there."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import Call, CallCommand, CallLeg
from hotline.services import room
from hotline.services.queues import default_queue
from hotline.services.targets import Target
from hotline.words import AgentState, ListenMode
from tests.factories.hotline import SwitchCall, make_agent, presence_of, waiting_call


def ringing(agent_count=1, number="+8613912340042") -> tuple[SwitchCall, list[Person]]:
    """A call that rings at the first of so many agents."""
    agents = [make_agent() for _ in range(agent_count)]
    return waiting_call(number), agents


def talking(clock) -> tuple[SwitchCall, Person]:
    """A call, and the agent who took it after four seconds."""
    call, (agent,) = ringing()
    clock.advance(seconds=4)
    call.tell("leg.answered", leg=call.seat_leg)
    return call, agent


def presses(person: Person, other: Person, lead: Person, call: Call, mode: ListenMode) -> dict[str, Callable]:
    """What a walk has somebody press in a call, by name."""
    return {
        "consult": lambda: room.consult(person, call, Target(agent_id=other.id)),
        "transfer": lambda: room.transfer(person, call, Target(agent_id=other.id)),
        "queue": lambda: room.transfer(person, call, Target(queue=default_queue())),
        "together": lambda: room.bring_together(person, call),
        "hand_over": lambda: room.hand_over(person, call),
        "send_away": lambda: room.send_away(person, call),
        "listen": lambda: room.listen(lead, call, mode),
        "take_over": lambda: room.take_over(lead, call),
        "hold": lambda: services.hold_call(person, call),
        "resume": lambda: services.resume_call(person, call),
        "hang_up": lambda: services.hang_up(person, call),
        "pause": lambda: room.pause_recording(person, call),
    }


def half_an_hour(clock) -> None:
    """Long enough for who gave up to be owed a call."""
    clock.advance(minutes=31)
    run_due_timers()


class Talk:
    """A citizen and an agent who talk, and what the switch was told since."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.agent = make_agent(name="张敏")
        self.call = waiting_call()
        clock.advance(seconds=3)
        self.agents_leg = self.call.seat_leg
        self.call.tell("leg.answered", leg=self.agents_leg)
        self._seen = self._last()

    @property
    def row(self):
        return self.call.row

    def _last(self) -> int:
        return db.session.query(CallCommand.id).order_by(CallCommand.id.desc()).limit(1).scalar() or 0

    def told(self) -> list[str]:
        """The commands since this was asked last, as `type leg-or-mode`."""
        rows = (
            db.session.query(CallCommand).filter(CallCommand.id > self._seen).order_by(CallCommand.id).all()
        )
        self._seen = self._last()
        names = {self.call.citizen: "citizen", self.agents_leg: "agent"}
        return [
            f"{row.type} {row.args.get('mode') or names.get(row.args.get('leg'), 'guest')}".removesuffix(
                " guest"
            )
            if row.type not in ("hangup", "add", "answer", "ring")
            else f"{row.type} {names.get(row.args.get('leg'), 'guest')}"
            for row in rows
        ]

    def happens(self, kind: str, leg: str, **facts) -> None:
        self.clock.advance(seconds=1)
        self.call.tell(kind, leg=leg, **facts)

    def ends(self, leg: str, by: str = "hotline", cause: str = "normal") -> None:
        self.happens("leg.ended", leg, cause=cause, by=by)

    def newest_leg(self):
        db.session.expire_all()
        return db.session.query(CallLeg).order_by(CallLeg.id.desc()).first()


def ask(talk: Talk, colleague) -> str:
    """The agent consults a colleague, who picks up; their leg."""
    room.consult(talk.agent, talk.row, Target(agent_id=colleague.id))
    talk.happens("leg.held", talk.call.citizen)
    leg = talk.newest_leg().key
    talk.happens("leg.answered", leg)
    talk.told()
    return leg


def state_of(person: Person) -> AgentState:
    return presence_of(person).state


def recorder_told(talk: Talk) -> list[str]:
    """What the recorder of a talk was ordered to do, in order."""
    rows = db.session.query(CallCommand).filter_by(type="record", call_id=talk.row.id)
    return [row.args["action"] for row in rows.order_by(CallCommand.id)]
