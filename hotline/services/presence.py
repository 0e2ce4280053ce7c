"""Changing what an agent is doing: the one way, with its row of history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import joinedload

from config.extensions import db
from config.live import tell
from config.phones import mask_phone
from hotline import signals
from hotline.models import AgentPresence, AgentStateChange, Call, CallLeg
from hotline.services.breaks import watch_break
from hotline.words import IN_CALL_STATES, AgentState, NotReadyReason

THE_AGENT = (
    select(AgentPresence)
    .where(AgentPresence.agent_id == bindparam("agent"))
    .options(joinedload(AgentPresence.seat))
    .with_for_update(of=AgentPresence)
    .execution_options(populate_existing=True)
)
CHANGES = AgentStateChange.__table__
CLOSE = (
    update(CHANGES)
    .where(CHANGES.c.agent_id == bindparam("of_agent"), CHANGES.c.until_at.is_(None))
    .values(until_at=func.greatest(CHANGES.c.from_at, bindparam("now", type_=CHANGES.c.from_at.type)))
)
_CLOSED = CLOSE.returning(CHANGES.c.id).cte("closed")
_OPENED = {
    name: bindparam(f"new_{name}", type_=CHANGES.columns[name].type)
    for name in ("agent_id", "state", "reason", "seat_id", "call_id", "from_at")
}
NEXT = insert(CHANGES).from_select(
    list(_OPENED),
    # Counting the closed makes sure that they are closed first: an agent has one open stretch at most.
    select(*_OPENED.values()).select_from(select(func.count(_CLOSED.c.id)).subquery()),
)
"""One stretch of an agent's day ends, the next begins."""


def lock_presence(agent_id: int) -> AgentPresence | None:
    """The agent's row, locked and freshly read. Lock the call first where both are needed."""
    return db.session.scalars(THE_AGENT, {"agent": agent_id}).one_or_none()


def change(
    presence: AgentPresence,
    state: AgentState,
    now: datetime,
    *,
    reason: NotReadyReason | None = None,
    call: Call | None = None,
    leg: CallLeg | None = None,
    wrap_until: datetime | None = None,
    keeps_turn: bool = False,
) -> None:
    """Make it so, close the open stretch of the agent's day and begin the next.

    A call stays named through the wrap-up. `keeps_turn`: idle again without having lost the place among the idle.
    """
    presence.state, presence.reason, presence.since = state, reason, now
    presence.wrap_until = wrap_until
    if state in IN_CALL_STATES:
        presence.call_id, presence.leg = call.id if call else None, leg
    else:
        presence.leg = None
        if state is not AgentState.WRAP_UP:
            presence.call_id = None
    if state is AgentState.IDLE and not (keeps_turn and presence.idle_since):
        presence.idle_since = now
    if state is AgentState.SIGNED_OUT:
        presence.seat, presence.idle_since, presence.next_reason = None, None, None
        presence.browser = None
        presence.forwards_to = None
        presence.failed_rings, presence.rests_until = 0, None
    _write_history(presence, now)
    if state is AgentState.NOT_READY:
        watch_break(presence, now)
    _tell(presence)


def keep_break(presence: AgentPresence) -> None:
    """They are about to be in a call: the break they are in goes on afterwards."""
    if presence.state is AgentState.NOT_READY and presence.reason is not None:
        again = presence.reason is not NotReadyReason.NO_ANSWER
        presence.next_reason = presence.reason.value if again else None


def facts(presence: AgentPresence) -> dict[str, Any]:
    """What pages show of it."""
    return {
        "agent_id": presence.agent_id,
        "state": presence.state.value,
        "label": presence.state.label,
        "hue": presence.state.hue.value,
        "reason": presence.reason.value if presence.reason else None,
        "reason_label": presence.reason.label if presence.reason else None,
        "next_reason": presence.next_reason,
        "since": presence.since.isoformat(),
        "seat": presence.seat.number if presence.seat else None,
        "failed_rings": presence.failed_rings,
        "forwards_to": mask_phone(presence.forwards_to) if presence.forwards_to else None,
        "wrap_until": presence.wrap_until.isoformat() if presence.wrap_until else None,
    }


def _write_history(presence: AgentPresence, now: datetime) -> None:
    closed = {"of_agent": presence.agent_id, "now": now}
    if presence.state is AgentState.SIGNED_OUT:
        db.session.execute(CLOSE, closed)
        return
    opened = {
        "new_agent_id": presence.agent_id,
        "new_state": presence.state,
        "new_reason": presence.reason,
        "new_seat_id": presence.seat.id if presence.seat else None,
        "new_call_id": presence.call_id,
        "new_from_at": now,
    }
    db.session.execute(NEXT, {**closed, **opened})


def _tell(presence: AgentPresence) -> None:
    told = facts(presence)
    tell(f"person:{presence.agent_id}", "presence", told)
    tell("floor", "seat", told)
    signals.tell_after_commit(signals.agent_changed, agent_id=presence.agent_id)
