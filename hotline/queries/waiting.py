"""Who waits, who works for them, how long it will take, and how right that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Boolean, Select, bindparam, case, extract, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from config import clock
from config.extensions import db
from hotline.engine.estimate import USUAL_HANDLING, Pace, expected_wait
from hotline.models import AgentPresence, AgentSkill, Call, CallQueue, KeptPlace, QueueEntry, Seat
from hotline.queries import places
from hotline.words import AgentState, QueueExit

LATELY = timedelta(hours=2)
CALLS_LOOKED_AT, WAITS_LOOKED_AT = 100, 500
AT_WORK = (AgentState.IDLE, AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP)
SINCE = QueueEntry.__table__.c.waiting_since.type
WITHIN = 0.3
"""An estimate is near when it is off by no more than this share of the wait."""


# Built once: when everybody is talking, these run with every caller who comes.
AHEAD = (
    select(func.count())
    .select_from(QueueEntry)
    .join(CallQueue, CallQueue.id == QueueEntry.queue_id)
    .where(
        QueueEntry.left_at.is_(None),
        ~QueueEntry.offered,
        QueueEntry.call_id != bindparam("call"),
        CallQueue.skill_id == bindparam("skill"),
        # Who was rung for in vain, then who is more urgent, then who waits longer.
        tuple_(QueueEntry.returned, QueueEntry.priority, bindparam("since", type_=SINCE))
        > tuple_(bindparam("returned", type_=Boolean), bindparam("priority"), QueueEntry.waiting_since),
    )
)
_LAST_CALLS = (
    select(
        (Call.talk_seconds + func.coalesce(Call.hold_seconds, 0) + func.coalesce(Call.wrap_seconds, 0)).label(
            "busy"
        )
    )
    .where(Call.queue_id == bindparam("queue"), Call.talk_seconds.is_not(None))
    .order_by(Call.arrived_at.desc())
    .limit(CALLS_LOOKED_AT)
    .subquery()
)
_LAST_WAITS = (
    select(QueueEntry.exit, QueueEntry.joined_at, QueueEntry.left_at)
    .where(
        QueueEntry.queue_id == bindparam("queue"),
        QueueEntry.left_at > bindparam("lately"),
        QueueEntry.watched_at.is_not(None),
    )
    .order_by(QueueEntry.left_at.desc())
    .limit(WAITS_LOOKED_AT)
    .subquery()
)
_AT_WORK = (
    select(func.count())
    .select_from(AgentPresence)
    .join(AgentSkill, AgentSkill.agent_id == AgentPresence.agent_id)
    .join(Seat, Seat.id == AgentPresence.seat_id)
    .where(
        AgentPresence.state.in_(AT_WORK),
        AgentSkill.skill_id == bindparam("skill"),
        or_(bindparam("anywhere", type_=Boolean), places.asked_for()),
    )
)
PACE = select(
    _AT_WORK.scalar_subquery(),
    select(func.avg(_LAST_CALLS.c.busy)).scalar_subquery(),
    func.count().filter(_LAST_WAITS.c.exit.in_((QueueExit.ABANDONED, QueueExit.CALLBACK))),
    func.sum(extract("epoch", _LAST_WAITS.c.left_at - _LAST_WAITS.c.joined_at)),
).select_from(_LAST_WAITS)


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
    mine = {"returned": entry.returned, "priority": entry.priority, "since": entry.waiting_since}
    return db.session.scalar(AHEAD, {**mine, "call": call_id, "skill": queue.skill_id}) or 0


def pace(queue: CallQueue) -> Pace:
    """How fast this queue moves, by its last calls and the last waits of two hours."""
    where = {"queue": queue.id, "skill": queue.skill_id, "lately": clock.now() - LATELY}
    where |= {"anywhere": not queue.only_there, "sites": queue.sites, "departments": queue.department_ids}
    agents, handling, gone, seconds = db.session.execute(PACE, where).one()
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
    return found.where(places.works_there(queue)) if queue.only_there else found


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
