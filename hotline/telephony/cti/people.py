"""Whom a switch means: by the seat's number, by login, by name."""

from __future__ import annotations

from sqlalchemy import func, select

from accounts.models import Person
from config.extensions import db
from hotline.models import AgentPresence, Seat


def agent_of(name: str) -> int | None:
    """The person at that seat now, or of that login, or the only one of that name. None: nobody of ours."""
    name = name.partition("@")[0].removeprefix("sip:").strip()
    at_seat = (
        select(AgentPresence.agent_id)
        .join(Seat, Seat.id == AgentPresence.seat_id)
        .where(func.lower(Seat.number) == name.lower())
    )
    if (found := db.session.scalar(at_seat)) is not None:
        return found
    by_login = select(Person.id).where(Person.login == name.lower(), Person.active)
    if (found := db.session.scalar(by_login)) is not None:
        return found
    named = db.session.scalars(select(Person.id).where(Person.name == name, Person.active).limit(2)).all()
    return named[0] if len(named) == 1 else None
