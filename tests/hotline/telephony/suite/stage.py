"""What the scenarios need of a provider: citizens and seats with telephones, and who hears whom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import select

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence, Call, CallLeg, QueueEntry, Recording, Seat
from hotline.words import AgentState
from tests.factories.accounts import make_person

PATIENCE = 30.0
CITIZEN = "+8613912340042"
OUTSIDE = "+8613912340043"


def until(
    truth: Callable[[], Any], what: str | Callable[[], object] = "it", seconds: float = PATIENCE
) -> Any:
    """Wait for a condition; what it found."""
    end = time.monotonic() + seconds
    while not (found := truth()):
        assert time.monotonic() < end, f"never so: {what() if callable(what) else what}"
        time.sleep(0.03)
    return found


class Telephone(Protocol):
    """Somebody's telephone in one call. `hears`: `music`, `prompt`, or whose voices."""

    def pick_up(self) -> None: ...

    def hang_up(self) -> None: ...

    def hears(self) -> set[str]: ...

    def is_down(self) -> bool: ...


class Provider(Protocol):
    """A switch under test. `name` is how the hotline calls it."""

    name: str

    def call_in(self, number: str, key: str) -> Telephone:
        """A citizen calls and presses the key in the welcome; an empty one is silence."""

    def ringing(self, person: str) -> Telephone | None:
        """The telephone that rings at this seat or number, if it does."""


@dataclass
class Stage:
    """The scenarios' hands and eyes."""

    provider: Provider
    citizen_number: str = CITIZEN
    agents: dict[str, Person] = field(default_factory=dict)

    def on_duty(self, seat: str, role: Role = Role.AGENT) -> Person:
        """Who sits at that seat, idle."""
        if db.session.scalars(select(Seat).where(Seat.number == seat)).one_or_none() is None:
            db.session.add(Seat(number=seat, provider=self.provider.name))
        person = self.agents[seat] = make_person([role])
        db.session.commit()
        services.sign_on(person, seat)
        return person

    def citizen_calls(self, number: str = "", key: str = "1") -> Telephone:
        return self.provider.call_in(number or self.citizen_number, key)

    def pick_up(self, person: str) -> Telephone:
        """At this seat or number, once it rings."""
        telephone: Telephone = until(lambda: self.provider.ringing(person), f"{person} rings")
        telephone.pick_up()
        return telephone

    def rings(self, person: str) -> Telephone:
        found: Telephone = until(lambda: self.provider.ringing(person), f"{person} rings")
        return found

    def call(self, truth: Callable[[Call], Any] = lambda _call: True) -> Call:
        """The newest call, once that is true of it."""

        def so() -> Call | None:
            db.session.rollback()
            found = db.session.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one_or_none()
            return found if found is not None and truth(found) else None

        def seen() -> object:
            found = db.session.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one_or_none()
            return found and {name: value for name, value in vars(found).items() if value is not None}

        made: Call = until(so, seen)
        return made

    def state_of(self, person: Person) -> AgentState:
        db.session.rollback()
        return (
            db.session.scalars(select(AgentPresence).where(AgentPresence.agent_id == person.id)).one().state
        )

    def agent_becomes(self, person: Person, state: AgentState) -> None:
        until(lambda: self.state_of(person) is state, lambda: f"{state}, is {self.state_of(person)}")

    def hear(self, expected: dict[Any, set[str]]) -> None:
        """Until each telephone hears exactly these, all at once."""
        until(
            lambda: all(telephone.hears() == voices for telephone, voices in expected.items()),
            lambda: [(sorted(telephone.hears()), sorted(voices)) for telephone, voices in expected.items()],
        )

    def all_down(self, *telephones: Telephone) -> None:
        until(lambda: all(one.is_down() for one in telephones), "every telephone down")

    def account(self, call: Call) -> dict[str, Any]:
        """What the database says of a call when all is over: the same from every provider."""

        def settled() -> bool:
            db.session.rollback()
            legs = db.session.scalars(select(CallLeg).where(CallLeg.call_id == call.id)).all()
            return all(leg.ended_at is not None for leg in legs)

        until(settled, "every leg told as ended")
        found = db.session.get(Call, call.id, populate_existing=True)
        assert found is not None
        seats = {person.id: seat for seat, person in self.agents.items()}
        legs = db.session.scalars(
            select(CallLeg).where(CallLeg.call_id == call.id).order_by(CallLeg.id)
        ).all()
        exits = select(QueueEntry.exit).where(QueueEntry.call_id == call.id).order_by(QueueEntry.id)
        return {
            "state": found.state.value,
            "ended": found.end_reason and found.end_reason.value,
            "direction": found.direction.value,
            "agent": seats.get(found.agent_id or 0),
            "queues": [exit_ and exit_.value for exit_ in db.session.scalars(exits)],
            "legs": [_leg(leg) for leg in legs],
        }

    def recording(self, call: Call) -> Recording:
        """The call's one recording, once it is ready."""

        def ready() -> Recording | None:
            db.session.rollback()
            wanted = select(Recording).where(Recording.call_id == call.id, Recording.ready_at.is_not(None))
            return db.session.scalars(wanted).one_or_none()

        found: Recording = until(ready, "the recording told")
        return found


def _leg(leg: CallLeg) -> str:
    """`agent 1001 answered`, `citizen`, `colleague 1002 through`: what somebody was, and how far they came."""
    role = leg.role.value if leg.role else "?"
    answered = "" if leg.answered_at is None else "answered"
    purpose = leg.purpose.value if leg.purpose else ""
    return " ".join(word for word in (role, leg.seat or "", purpose, answered) if word)


class Watch:
    """Measures what people did, to compare with what was accounted."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._since


WHOLE_SECONDS = 1.0
"""Carriers tell moments in whole seconds."""


def within(accounted: float | None, at_least: float, at_most: float) -> bool:
    """Whether what was accounted is what people lived through: longer than what surely was so, shorter than all of it.
    Both bounds are measured, so a busy machine stretches them too."""
    return accounted is not None and at_least - WHOLE_SECONDS <= accounted <= at_most + WHOLE_SECONDS
