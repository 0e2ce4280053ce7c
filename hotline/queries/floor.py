"""The floor as it is now: who waits, who sits where, who does what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload, lazyload

from accounts.models import Department, Person
from config import clock
from config.extensions import db
from hotline.engine.estimate import expected_wait
from hotline.interfaces import draft_title
from hotline.models import AgentPresence, AgentSkill, AgentStateChange, Call, CallQueue, QueueEntry, Seat
from hotline.queries.loading import with_name
from hotline.queries.waiting import pace
from hotline.words import IN_CALL_STATES, ON_DUTY_STATES, AgentState


@dataclass(frozen=True)
class Wait:
    """How many wait, and since when the first of them."""

    waiting: int
    since: datetime | None

    @property
    def longest_seconds(self) -> float:
        return max(0.0, (clock.now() - self.since).total_seconds()) if self.since else 0.0


@dataclass(frozen=True)
class QueueNow:
    """A queue with its wait, and its agents who are free or at work. `expected`: seconds for who joins now, where
    somebody waits already."""

    queue: CallQueue
    wait: Wait
    free: int
    busy: int
    expected: float | None = None


@dataclass(frozen=True)
class HelpRequest:
    """An agent who needs the shift lead, with the call's context. `draft`: the title they have typed so far."""

    call: Call
    presence: AgentPresence
    draft: str


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


def queues_now() -> list[QueueNow]:
    """Every active queue: who waits, and how many of its skill's agents are free or at work."""
    working = AgentPresence.state.in_((*IN_CALL_STATES, AgentState.WRAP_UP))
    rows = db.session.execute(
        select(
            AgentSkill.skill_id,
            func.count().filter(AgentPresence.state == AgentState.IDLE),
            func.count().filter(working),
        )
        .join(AgentPresence, AgentPresence.agent_id == AgentSkill.agent_id)
        .where(AgentPresence.state != AgentState.SIGNED_OUT)
        .group_by(AgentSkill.skill_id)
    )
    agents = {skill: (free, busy) for skill, free, busy in rows}
    return [
        QueueNow(
            queue,
            wait,
            *agents.get(queue.skill_id, (0, 0)),
            expected_wait(wait.waiting, pace(queue)) if wait.waiting else None,
        )
        for queue, wait in waits_by_queue()
    ]


def help_requests(within: tuple[str, ...] | None) -> list[HelpRequest]:
    """Who asks for help now, the longest waiting first. `within`: path prefixes; None: everybody."""
    wanted = (
        select(Call, AgentPresence)
        .join(AgentPresence, (AgentPresence.call_id == Call.id) & (AgentPresence.agent_id == Call.agent_id))
        .where(Call.ended_at.is_(None), Call.help_asked_at.is_not(None))
        .options(
            joinedload(Call.queue).lazyload(CallQueue.skill),
            with_name(AgentPresence.agent),
            joinedload(AgentPresence.seat),
        )
        .order_by(Call.help_asked_at)
        .limit(20)
    )
    if within is not None:
        wanted = (
            wanted.join(Person, Person.id == AgentPresence.agent_id)
            .join(Department, Department.id == Person.department_id)
            .where(or_(*(Department.path.startswith(path, autoescape=True) for path in within)))
        )
    return [
        HelpRequest(call, presence, draft_title(presence.agent_id, call.call_no))
        for call, presence in db.session.execute(wanted)
    ]


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
