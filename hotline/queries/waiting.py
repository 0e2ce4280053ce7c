"""Who waits, who works for them, how long it will take, and how right that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from config import clock
from config.extensions import db
from hotline.engine.estimate import USUAL_HANDLING, Pace, expected_wait
from hotline.models import AgentPresence, AgentSkill, Call, CallQueue, KeptPlace, QueueEntry, Seat
from hotline.queries.places import works_there
from hotline.words import AgentState, QueueExit

LATELY = timedelta(hours=2)
CALLS_LOOKED_AT = 100
AT_WORK = (AgentState.IDLE, AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP)
WITHIN = 0.3
"""An estimate is near when it is off by no more than this share of the wait."""


@dataclass(frozen=True)
class Accuracy:
    """Of `waits` that ended with an answer: mean of |expected - waited| in seconds, and the share that was near."""

    waits: int
    mean_error: float | None
    near: float | None


def expectation(entry: QueueEntry, queue: CallQueue, call_id: int) -> tuple[int, float | None]:
    """How many are before them, and the seconds that will take."""
    before = ahead(entry, queue, call_id)
    return before, expected_wait(before, pace(queue))


def ahead(entry: QueueEntry, queue: CallQueue, call_id: int) -> int:
    """How many of those who wait for the same agents have their turn before."""
    other, others = aliased(QueueEntry), aliased(CallQueue)
    earlier = or_(
        and_(other.returned, literal(not entry.returned)),
        and_(other.returned == entry.returned, other.priority > entry.priority),
        and_(
            other.returned == entry.returned,
            other.priority == entry.priority,
            other.waiting_since < entry.waiting_since,
        ),
    )
    wanted = (
        select(func.count())
        .select_from(other)
        .join(others, others.id == other.queue_id)
        .where(other.left_at.is_(None), ~other.offered, other.call_id != call_id)
        .where(others.skill_id == queue.skill_id, earlier)
    )
    return db.session.scalar(wanted) or 0


def pace(queue: CallQueue) -> Pace:
    """How fast this queue moves, by its last calls and the last two hours."""
    agents = db.session.scalar(select(func.count()).select_from(on_duty(queue, AT_WORK).subquery())) or 0
    recent = (
        select(Call.talk_seconds, Call.hold_seconds, Call.wrap_seconds)
        .where(Call.queue_id == queue.id, Call.talk_seconds.is_not(None))
        .order_by(Call.arrived_at.desc())
        .limit(CALLS_LOOKED_AT)
        .subquery()
    )
    nothing = func.coalesce
    busy = recent.c.talk_seconds + nothing(recent.c.hold_seconds, 0) + nothing(recent.c.wrap_seconds, 0)
    handling = db.session.scalar(select(func.avg(busy)))
    waited = extract("epoch", QueueEntry.left_at - QueueEntry.joined_at)
    gone, seconds = db.session.execute(
        select(
            func.count().filter(QueueEntry.exit.in_((QueueExit.ABANDONED, QueueExit.CALLBACK))),
            func.sum(waited),
        ).where(
            QueueEntry.queue_id == queue.id,
            QueueEntry.left_at > clock.now() - LATELY,
            QueueEntry.watched_at.is_not(None),
        )
    ).one()
    giving_up = gone / float(seconds) if seconds else 0.0
    return Pace(agents, float(handling) if handling else USUAL_HANDLING, giving_up)


def on_duty(queue: CallQueue, states: tuple[AgentState, ...]) -> Select[Any]:
    """Agents with the queue's skill in these states, at the places it takes its agents from."""
    found = (
        select(AgentPresence.id)
        .join(AgentSkill, AgentSkill.agent_id == AgentPresence.agent_id)
        .join(Seat, Seat.id == AgentPresence.seat_id)
        .where(AgentPresence.state.in_(states), AgentSkill.skill_id == queue.skill_id)
    )
    return found.where(works_there(queue)) if queue.only_there else found


def somebody_on_duty(queue: CallQueue) -> bool:
    """Whether anybody who could answer has signed on, be it that they are in a break."""
    states = tuple(state for state in AgentState if state is not AgentState.SIGNED_OUT)
    return db.session.scalar(on_duty(queue, states).limit(1)) is not None


def waiting_in(queue: CallQueue) -> Select[QueueEntry, Call]:
    """Everybody in this queue in the order of their turns, kept places among them."""
    return (
        select(QueueEntry, Call)
        .join(Call, Call.id == QueueEntry.call_id)
        .where(QueueEntry.queue_id == queue.id, QueueEntry.left_at.is_(None))
        .order_by(
            QueueEntry.returned.desc(), QueueEntry.priority.desc(), QueueEntry.waiting_since, QueueEntry.id
        )
    )


def kept_places(queue: CallQueue | None = None) -> Select[Any]:
    """Citizens who left their place and are still to be called back, in one queue or all."""
    found = (
        select(KeptPlace)
        .where(KeptPlace.closed_at.is_(None))
        .options(joinedload(KeptPlace.queue).lazyload(CallQueue.skill))
        .order_by(KeptPlace.waiting_since, KeptPlace.id)
    )
    return found.where(KeptPlace.queue_id == queue.id) if queue is not None else found


def accuracy(queue: CallQueue, days: int = 7) -> Accuracy:
    """What the estimates of the last days were worth."""
    waited = extract("epoch", QueueEntry.left_at - QueueEntry.watched_at)
    off = func.abs(QueueEntry.estimated_seconds - waited)
    count, error, near = db.session.execute(
        select(func.count(), func.avg(off), func.avg(case((off <= WITHIN * waited, 1.0), else_=0.0))).where(
            QueueEntry.queue_id == queue.id,
            QueueEntry.left_at > clock.now() - timedelta(days=days),
            QueueEntry.exit == QueueExit.ANSWERED,
            QueueEntry.estimated_seconds.is_not(None),
        )
    ).one()
    return Accuracy(
        count, float(error) if error is not None else None, float(near) if near is not None else None
    )
