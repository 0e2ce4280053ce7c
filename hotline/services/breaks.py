"""Breaks that last longer than they may: the floor is told, and the stretch of the day is marked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.extensions import db
from config.live import tell
from config.timers import set_timer, timer_handler
from config.transaction import transactional
from hotline.models import AgentPresence, AgentStateChange, BreakAllowance
from hotline.words import CHOOSABLE_REASONS, AgentState, NotReadyReason

TIMER = "hotline.break_over"


def allowances() -> dict[NotReadyReason, timedelta]:
    """How long each reason may last; a reason that is missing may last."""
    rows = db.session.execute(select(BreakAllowance.reason, BreakAllowance.minutes))
    return {reason: timedelta(minutes=minutes) for reason, minutes in rows}


def watch_break(presence: AgentPresence, now: datetime) -> None:
    """Somebody went into a break: look again when its time is over."""
    if presence.reason in CHOOSABLE_REASONS and (lasts := allowances().get(presence.reason)):
        set_timer(TIMER, presence.agent_id, now + lasts, since=now.isoformat())


@timer_handler(TIMER)
def break_over(key: str, payload: dict[str, Any]) -> None:
    """Unless they are back, or in another break, by now."""
    presence = db.session.scalars(
        select(AgentPresence).where(AgentPresence.agent_id == int(key)).with_for_update()
    ).one_or_none()
    since = datetime.fromisoformat(payload["since"])
    if presence is None or presence.state is not AgentState.NOT_READY or presence.since != since:
        return
    db.session.execute(
        update(AgentStateChange)
        .where(AgentStateChange.agent_id == presence.agent_id, AgentStateChange.until_at.is_(None))
        .values(over_at=clock.now())
    )
    seat = presence.seat.number if presence.seat else None
    tell("floor", "break:over", {"agent_id": presence.agent_id, "agent": presence.agent.name, "seat": seat})


@transactional
def save_allowances(person: Person, minutes: dict[NotReadyReason, int | None]) -> None:
    """Set how long each reason may last; None lets it last. Breaks under way keep theirs."""
    ensure(person, "break_allowance:save")
    for reason, lasts in minutes.items():
        if lasts is None:
            db.session.execute(delete(BreakAllowance).where(BreakAllowance.reason == reason))
        else:
            row = insert(BreakAllowance).values(reason=reason, minutes=lasts)
            db.session.execute(
                row.on_conflict_do_update(index_elements=["reason"], set_={"minutes": row.excluded.minutes})
            )
    detail = {reason.value: lasts for reason, lasts in minutes.items()}
    audit.record("break_allowance:save", person, subject=("break_allowance", 0), detail=detail)
