"""Who gets which call: the longest idle agent of the skill, the head of the queue first (domain § 2)."""

from __future__ import annotations

from sqlalchemy import Boolean, bindparam, case, exists, literal, or_, select
from sqlalchemy.orm import contains_eager

from config import clock
from config.extensions import db
from config.transaction import transactional
from hotline.models import AgentPresence, AgentSkill, Call, CallQueue, QueueEntry, Seat
from hotline.queries import places
from hotline.words import AgentState

AT_ONCE = 50
AT_HOME = places.asked_for()
RESTED = or_(
    AgentPresence.rests_until.is_(None),
    AgentPresence.rests_until <= bindparam("now", type_=AgentPresence.rests_until.type),
)
"""Not where a ring has just failed (`failed_rings`)."""
BEST_AGENT = (
    select(AgentPresence)
    .join(AgentSkill, AgentSkill.agent_id == AgentPresence.agent_id)
    .join(Seat, Seat.id == AgentPresence.seat_id)
    .where(
        AgentPresence.state == AgentState.IDLE,
        RESTED,
        AgentSkill.skill_id == bindparam("skill"),
        Seat.provider == bindparam("provider"),
        Seat.online | AgentPresence.forwards_to.is_not(None),
        or_(bindparam("anywhere", type_=Boolean), AT_HOME),
    )
    .order_by(
        case((Seat.number == bindparam("seat"), 0), else_=1),
        case((AgentPresence.agent_id == bindparam("agent"), 0), else_=1),
        case((AT_HOME, 0), else_=1),
        AgentSkill.level.desc(),
        AgentPresence.idle_since,
        AgentPresence.id,
    )
    .limit(1)
    .options(contains_eager(AgentPresence.seat))
    .with_for_update(of=AgentPresence, skip_locked=True)
    .execution_options(populate_existing=True)
)

SOMEBODY_IDLE = (
    select(AgentPresence.id)
    .join(AgentSkill, AgentSkill.agent_id == AgentPresence.agent_id)
    .join(Seat, Seat.id == AgentPresence.seat_id)
    .where(
        AgentPresence.state == AgentState.IDLE,
        RESTED,
        AgentSkill.skill_id == CallQueue.skill_id,
        Seat.provider == Call.provider,
        Seat.online | AgentPresence.forwards_to.is_not(None),
        or_(~CallQueue.only_there, places.matches(CallQueue.sites, CallQueue.department_ids)),
    )
)
ANYBODY_IDLE = exists(select(literal(1)).where(AgentPresence.state == AgentState.IDLE).correlate(None))
NEXT_CALL = (
    select(Call)
    .join(QueueEntry, QueueEntry.call_id == Call.id)
    .join(CallQueue, CallQueue.id == QueueEntry.queue_id)
    .where(
        ANYBODY_IDLE,  # asked once, while nobody is, which is nearly always when many wait; the other once per caller
        QueueEntry.left_at.is_(None),
        ~QueueEntry.offered,
        exists(SOMEBODY_IDLE),
    )
    .order_by(QueueEntry.returned.desc(), QueueEntry.priority.desc(), QueueEntry.waiting_since, QueueEntry.id)
    .limit(1)
    .with_for_update(of=Call, skip_locked=True)
    .execution_options(populate_existing=True)
)
"""The first waiting call for which somebody is idle, locked unless another process has it in hand."""


def claim_agent(call: Call, queue: CallQueue) -> AgentPresence | None:
    """Lock the best idle agent for this call, or None.

    Best: at the seat asked for; who last talked with this caller; where the queue wants its agents; of the highest
    level; idle for longest. Whom
    another transaction is just claiming is passed over, never waited for, so nobody is given two calls.
    """
    asked = {
        "seat": call.preferred_seat or "",
        "agent": call.preferred_agent_id or 0,
        "skill": queue.skill_id,
        "provider": call.provider,
        "sites": queue.sites,
        "departments": queue.department_ids,
        "anywhere": not queue.only_there,
        "now": clock.now(),
    }
    return db.session.scalars(BEST_AGENT, asked).one_or_none()


def serve_waiting() -> int:
    """Ring agents for waiting calls until there are no more of either; how many were offered.

    Called after the commit by whoever queued in vain and by whoever became idle. Each looks after its own change is
    visible, so at least one of two that happen at once sees the other.
    """
    offered = 0
    while offered < AT_ONCE and _serve_one():
        offered += 1
    return offered


@transactional
def _serve_one() -> bool:
    from hotline.services.settle import settle
    from hotline.services.turn import load

    call = db.session.scalars(NEXT_CALL, {"now": clock.now()}).one_or_none()
    if call is None:
        return False
    snapshot = load(call)
    settle(snapshot, look_again=False)
    return snapshot.ringing_leg is not None
