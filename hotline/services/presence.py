"""Changing what an agent is doing: the one way, with its row of history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, bindparam, func, insert, select, update
from sqlalchemy.orm import joinedload

from config.extensions import db
from config.live import tell
from config.phones import mask_phone
from config.together import later, parameter_for
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
OPENED = ("agent_id", "state", "reason", "seat_id", "call_id", "from_at")


@dataclass(frozen=True)
class _Stretch:
    """One stretch of an agent's day ends and, unless they go, the next begins."""

    ends_the_day: bool = False

    def part(self, name: str, _before: Sequence[CTE]) -> CTE:
        columns = CHANGES.c
        agent, now = (
            parameter_for(columns.agent_id, name, "agent_id"),
            parameter_for(columns.from_at, name, "from_at"),
        )
        close = (
            update(CHANGES)
            .where(columns.agent_id == agent, columns.until_at.is_(None))
            .values(until_at=func.greatest(columns.from_at, now))
        )
        if self.ends_the_day:
            return close.cte(name)
        closed = close.returning(columns.id).cte(f"{name}_closed")
        opened = [parameter_for(columns[column], name, column) for column in OPENED]
        # Counting the closed makes sure that they are closed first: an agent has one open stretch at most.
        one = select(*opened).select_from(select(func.count(closed.c.id)).subquery())
        return insert(CHANGES).from_select(list(OPENED), one).cte(name)


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
    day = "agent", presence.agent_id
    if presence.state is AgentState.SIGNED_OUT:
        later(day, _Stretch(ends_the_day=True), {"agent_id": presence.agent_id, "from_at": now})
        return
    opened = {
        "agent_id": presence.agent_id,
        "state": presence.state,
        "reason": presence.reason,
        "seat_id": presence.seat.id if presence.seat else None,
        "call_id": presence.call_id,
        "from_at": now,
    }
    later(day, _Stretch(), opened)


def _tell(presence: AgentPresence) -> None:
    told = facts(presence)
    tell(f"person:{presence.agent_id}", "presence", told)
    tell("floor", "seat", told)
    signals.tell_after_commit(signals.agent_changed, agent_id=presence.agent_id)
