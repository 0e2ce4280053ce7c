"""The floor as it is now: who waits, who sits where, who does what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from accounts.models import Person
from config import clock
from config.extensions import db
from hotline.models import AgentPresence, AgentStateChange, CallQueue, QueueEntry, Seat
from hotline.queries.loading import with_name
from hotline.words import ON_DUTY_STATES, AgentState


@dataclass(frozen=True)
class Wait:
    """How many wait, and since when the first of them."""

    waiting: int
    since: datetime | None

    @property
    def longest_seconds(self) -> float:
        return max(0.0, (clock.now() - self.since).total_seconds()) if self.since else 0.0


def waits() -> Wait:
    """Over all queues."""
    count, since = db.session.execute(
        select(func.count(), func.min(QueueEntry.joined_at)).where(QueueEntry.left_at.is_(None))
    ).one()
    return Wait(count, since)


def waits_by_queue() -> list[tuple[CallQueue, Wait]]:
    """Every active queue with its wait, in the order of their names."""
    rows = db.session.execute(
        select(CallQueue, func.count(QueueEntry.id), func.min(QueueEntry.joined_at))
        .outerjoin(QueueEntry, (QueueEntry.queue_id == CallQueue.id) & QueueEntry.left_at.is_(None))
        .where(CallQueue.active)
        .group_by(CallQueue.id)
        .options(lazyload(CallQueue.skill))
        .order_by(CallQueue.is_default.desc(), CallQueue.name)
    )
    return [(queue, Wait(count, since)) for queue, count, since in rows]


def agents_by_state() -> dict[AgentState, int]:
    """How many agents are in each state; every state on duty is named, if only with 0."""
    counts: dict[AgentState, int] = dict.fromkeys(ON_DUTY_STATES, 0)
    for state, count in db.session.execute(
        select(AgentPresence.state, func.count())
        .where(AgentPresence.state != AgentState.SIGNED_OUT)
        .group_by(AgentPresence.state)
    ):
        counts[state] = count
    return counts


def seats_now() -> Select[Any]:
    """Everybody on duty with their seat and call, by seat."""
    return (
        select(AgentPresence)
        .join(AgentPresence.seat)
        .options(
            contains_eager(AgentPresence.seat),
            with_name(AgentPresence.agent),
            joinedload(AgentPresence.call),
        )
        .where(AgentPresence.state != AgentState.SIGNED_OUT)
        .order_by(AgentPresence.seat_id)
    )


@dataclass(frozen=True)
class SeatOffer:
    """A free seat; `before`: when the person last sat there."""

    number: str
    in_browser: bool
    before: datetime | None


def usual_seats(person: Person) -> list[SeatOffer]:
    """A free seat of each kind, the kind last used first: the seat a person sat at last, else the first free one,
    those with plain numbers first. A seat in the browser need not be connected: it will be once somebody sits there."""
    taken = select(AgentPresence.seat_id).where(AgentPresence.seat_id.is_not(None))
    sat = (
        select(AgentStateChange.seat_id, func.max(AgentStateChange.from_at).label("at"))
        .where(AgentStateChange.agent_id == person.id, AgentStateChange.seat_id.is_not(None))
        .group_by(AgentStateChange.seat_id)
        .subquery()
    )
    free = (
        select(Seat.number, Seat.in_browser, sat.c.at)
        .ext(distinct_on(Seat.in_browser))
        .outerjoin(sat, sat.c.seat_id == Seat.id)
        .where(Seat.active, Seat.online | Seat.in_browser, Seat.id.not_in(taken))
        .order_by(
            Seat.in_browser, sat.c.at.desc().nulls_last(), Seat.number.regexp_match("[^0-9]"), Seat.number
        )
    )
    offers = [SeatOffer(*row) for row in db.session.execute(free)]
    return sorted(offers, key=lambda one: one.before.timestamp() if one.before else 0.0, reverse=True)
