"""The floor's seats, each with who sits there and what they do: all that a row of the floor shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, load_only

from accounts.models import Department, Person
from config.extensions import db
from hotline.models import AgentPresence, AgentSkill, Call, CallQueue, Seat
from hotline.services.breaks import allowances
from hotline.words import IN_CALL_STATES, AgentState, LegRole, ListenMode


@dataclass(frozen=True)
class FloorFilter:
    """Empty fields ask for nothing. `within`: path prefixes of the tree that may be seen; None: all of it."""

    site: str = ""
    skill_id: int | None = None
    department: Department | None = None
    within: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SeatRow:
    """A seat. `may`: what the person who looks may do here now; `over_at`: when this break should have ended."""

    seat: Seat
    presence: AgentPresence | None
    over_at: datetime | None
    may: tuple[str, ...]

    @property
    def state(self) -> AgentState:
        return self.presence.state if self.presence else AgentState.SIGNED_OUT

    @property
    def call(self) -> Call | None:
        return self.presence.call if self.presence else None

    @property
    def asks_for_help(self) -> bool:
        return bool(self.call and self.call.help_asked_at and _has_the_citizen(self.presence))


def seat_rows(
    person: Person, asked: FloorFilter, leads: bool, only: Collection[int] | None = None
) -> list[SeatRow]:
    """In the order of their numbers. `only`: these seats alone. `leads`: the person may steer the floor."""
    statement = _seats(asked)
    if only is not None:
        statement = statement.where(Seat.id.in_(only))
    mine = _own(person)
    lasts = allowances()
    rows = []
    for seat, presence in db.session.execute(statement).unique():
        limit = lasts.get(presence.reason) if presence and presence.reason else None
        over_at = presence.since + limit if limit else None
        rows.append(SeatRow(seat, presence, over_at, _may(presence, person, mine) if leads else ()))
    return rows


def departments_of_agents() -> list[Department]:
    """Whose people ever sat down at a seat."""
    of_agents = select(Person.department_id).join(AgentPresence, AgentPresence.agent_id == Person.id)
    return list(
        db.session.scalars(select(Department).where(Department.id.in_(of_agents)).order_by(Department.name))
    )


def _seats(asked: FloorFilter) -> Select[Any]:
    seats: Select[Any] = select(Seat, AgentPresence)  # type: ignore[assignment]
    statement = (
        seats.outerjoin(AgentPresence, AgentPresence.seat_id == Seat.id)
        .outerjoin(Person, Person.id == AgentPresence.agent_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(or_(Seat.active, AgentPresence.id.is_not(None)))
        .options(
            # Of 750 rows only what a row shows: much of the page's time was columns nobody looked at.
            load_only(Seat.number, Seat.site, Seat.online),
            contains_eager(AgentPresence.seat),
            contains_eager(AgentPresence.agent).options(
                load_only(Person.name, Person.department_id),
                lazyload(Person.grants),
                contains_eager(Person.department).load_only(Department.name),
            ),
            joinedload(AgentPresence.call).options(
                load_only(
                    Call.call_no,
                    Call.caller_number,
                    Call.emergency,
                    Call.agent_id,
                    Call.help_asked_at,
                    Call.queue_id,
                ),
                joinedload(Call.queue).options(load_only(CallQueue.name), lazyload(CallQueue.skill)),
            ),
            lazyload(AgentPresence.leg),
        )
        .order_by(func.length(Seat.number), Seat.number)
    )
    if asked.site:
        statement = statement.where(Seat.site == asked.site)
    if asked.skill_id is not None:
        has = exists().where(
            AgentSkill.agent_id == AgentPresence.agent_id, AgentSkill.skill_id == asked.skill_id
        )
        statement = statement.where(has)
    if asked.department is not None:
        statement = statement.where(Department.path.startswith(asked.department.path, autoescape=True))
    if asked.within is not None:
        reached = [Department.path.startswith(path, autoescape=True) for path in asked.within]
        statement = statement.where(or_(*reached))
    return statement


def _own(person: Person) -> AgentPresence | None:
    return db.session.scalars(
        select(AgentPresence)
        .where(AgentPresence.agent_id == person.id)
        .options(joinedload(AgentPresence.leg))
        .execution_options(populate_existing=True)
    ).one_or_none()


def _has_the_citizen(presence: AgentPresence | None) -> bool:
    return presence is not None and presence.call is not None and presence.call.agent_id == presence.agent_id


def _may(presence: AgentPresence | None, person: Person, mine: AgentPresence | None) -> tuple[str, ...]:
    """Names of the deeds that make sense now; the deed itself looks again."""
    if presence is None or presence.agent_id == person.id:
        return ()
    found = ["message"]
    if presence.state is AgentState.TALKING and _has_the_citizen(presence):
        found += [mode.value for mode in ListenMode]
        leg = mine.leg if mine is not None and mine.call_id == presence.call_id else None
        if leg is not None and leg.role is LegRole.SUPERVISOR and leg.heard == ListenMode.BARGE:
            found.append("take_over")
    if presence.state is not AgentState.NOT_READY:
        found.append("not_ready")
    if presence.state in (AgentState.NOT_READY, AgentState.WRAP_UP):
        found.append("ready")
    if presence.state not in IN_CALL_STATES:
        found.append("sign_off")
    return tuple(found)
