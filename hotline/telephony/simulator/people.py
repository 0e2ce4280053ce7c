"""The simulated agents' accounts and their day: the only part of the simulator that touches the app.

They are people like any other, `sim-agent-001` …, with seats and the agent's role but no password, so nobody can sign
in as one. What they do, they do through the same services as the workbench.
"""

from __future__ import annotations

import math
from datetime import timedelta
from random import Random

import structlog
from flask import Flask
from sqlalchemy import Select, select

from accounts.models import Department, Person, RoleGrant
from accounts.roles import Role
from accounts.services.people import create_person
from config import clock
from config.errors import HotlineError
from config.extensions import db
from config.transaction import transactional
from hotline import services
from hotline.models import AgentPresence, Seat
from hotline.services.queues import save_seat
from hotline.words import AgentState, NotReadyReason

log = structlog.get_logger(__name__)

LOGIN = "sim-agent-{:03d}"
SEAT = "sim-{:03d}"
WRAP_UP_MEAN = 40.0
BACK_AFTER_A_MISSED_CALL = 20.0


class AgentsOnShift:
    """So many agents, living at `speed`. Implements `Staff`; call it from a thread, it brings its own app context."""

    def __init__(self, app: Flask, count: int, speed: float = 1.0) -> None:
        self._app = app
        self._count = count
        self._speed = speed

    def sign_on(self) -> frozenset[str]:
        """Everybody to their seats, those made first who are missing. Returns the seats' numbers."""
        with self._app.app_context():
            people = ensure_agents(self._count)
            self._send_home({person.id for person in people})
            for number, person in enumerate(people, 1):
                if _state(person) in (None, AgentState.SIGNED_OUT):
                    services.sign_on(person, SEAT.format(number))
            return frozenset(SEAT.format(number) for number in range(1, self._count + 1))

    def look_after(self) -> None:
        """Who has wrapped up says so; who missed a call comes back."""
        with self._app.app_context():
            now = clock.now()
            for presence in db.session.scalars(
                _presences().where(AgentPresence.state.in_((AgentState.WRAP_UP, AgentState.NOT_READY)))
            ).all():
                if (now - presence.since) * self._speed < _rest(presence):
                    continue
                try:
                    if presence.state is AgentState.WRAP_UP:
                        services.finish_wrap_up(presence.agent)
                    else:
                        services.become_idle(presence.agent)
                except HotlineError as error:  # somebody was quicker: a timer, or a shift lead
                    log.info("agent_not_moved", agent=presence.agent_id, error=str(error))

    def sign_off(self) -> None:
        """Everybody goes home."""
        with self._app.app_context():
            self._send_home(set())

    def _send_home(self, but: set[int]) -> None:
        """Sign off all simulated agents except `but`."""
        on_duty = _presences().where(AgentPresence.state != AgentState.SIGNED_OUT)
        for presence in db.session.scalars(on_duty).all():
            if presence.agent_id not in but:
                try:
                    services.sign_off(presence.agent)
                except HotlineError as error:
                    log.info("agent_not_signed_off", agent=presence.agent_id, error=str(error))


@transactional
def ensure_agents(count: int) -> list[Person]:
    """The first `count` simulated agents with their seats, made where missing."""
    logins = [LOGIN.format(number) for number in range(1, count + 1)]
    known = {p.login: p for p in db.session.scalars(select(Person).where(Person.login.in_(logins)))}
    seats = set(db.session.scalars(select(Seat.number)))
    centre = _where_agents_work()
    for number, login in enumerate(logins, 1):
        if login not in known:
            name = f"模拟坐席 {number:03d}"
            known[login] = create_person(login, name, centre, (Role.AGENT,), must_change_password=False)
        if SEAT.format(number) not in seats:
            save_seat(None, SEAT.format(number), site="模拟")
    return [known[login] for login in logins]


def _where_agents_work() -> Department | None:
    """Where the other agents are, so that whoever leads them sees the simulated ones too; None: nowhere yet."""
    return db.session.scalar(
        select(Department)
        .join(Person, Person.department_id == Department.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.AGENT)
        .order_by(Person.id)
        .limit(1)
    )


def _presences() -> Select[AgentPresence]:
    return (
        select(AgentPresence)
        .join(Person, Person.id == AgentPresence.agent_id)
        .where(Person.login.startswith(LOGIN.split("{")[0]))
    )


def _state(person: Person) -> AgentState | None:
    return db.session.scalar(select(AgentPresence.state).where(AgentPresence.agent_id == person.id))


def _rest(presence: AgentPresence) -> timedelta:
    """How long this agent stays in this state of theirs: drawn from who they are and when it began, so that asking
    again gives the same answer. Breaks and orders of a shift lead are theirs to end."""
    if presence.state is AgentState.NOT_READY:
        if presence.reason not in (NotReadyReason.NO_ANSWER, NotReadyReason.NO_TELEPHONE):
            return timedelta.max
        return timedelta(seconds=BACK_AFTER_A_MISSED_CALL)
    chance = Random(f"{presence.agent_id} {presence.since.timestamp()}")
    return timedelta(seconds=chance.lognormvariate(math.log(WRAP_UP_MEAN) - 0.125, 0.5))
