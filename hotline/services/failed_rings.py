"""Rings that could not be. The agent stays ready, for it is not their absence; the seat is left alone for a while,
longer the second time, so that a caller who waits is not rung through to it over and over. The third time running it is
set aside, and the shift leads are told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import update

from config import clock
from config.extensions import db
from config.live import tell
from config.timers import set_timer, timer_handler
from config.transaction import after_commit, transactional
from hotline.models import AgentPresence, CallLeg, Seat
from hotline.services import routing
from hotline.services.turn import Turn

log = structlog.get_logger(__name__)

RESTS = (timedelta(seconds=10), timedelta(seconds=30))
"""After the first and the second ring in a row that could not be; the third is the last."""


def count(turn: Turn, presence: AgentPresence, leg: CallLeg) -> bool:
    """One more. True if the seat is to be set aside; else nobody is rung there for a while."""
    presence.failed_rings += 1
    running, seat = presence.failed_rings, presence.seat
    number = seat.number if seat is not None else ""
    log.warning(
        "ring_failed",
        seat=number,
        call_no=turn.call.call_no,
        cause=leg.end_cause or "never_rang",
        running=running,
    )
    if seat is not None:
        after_commit(_count_at_seat, seat.id)
    aside = running > len(RESTS)
    tell(f"person:{presence.agent_id}", "ring:failed", {"seat": number, "aside": aside})
    if aside:
        presence.rests_until = None
        told = {"agent_id": presence.agent_id, "agent": presence.agent.name, "seat": number}
        tell("floor", "seat:aside", told)
        log.error("seat_set_aside", seat=number, running=running)
        return True
    presence.rests_until = turn.now + RESTS[running - 1]
    set_timer("hotline.rested", presence.agent_id, presence.rests_until)
    return False


def forget(presence: AgentPresence) -> None:
    """Their telephone has rung, or they say that it will."""
    if presence.failed_rings:
        presence.failed_rings = 0
    presence.rests_until = None


@timer_handler("hotline.rested")
def rested(_key: str, _payload: dict[str, Any]) -> None:
    """Who waits may be rung through to that seat again."""
    after_commit(routing.serve_waiting)


@transactional
def _count_at_seat(seat_id: int) -> None:
    """Apart from the call's transaction: a telephone that registers anew locks the seat before its agent."""
    seat = update(Seat).where(Seat.id == seat_id)
    db.session.execute(seat.values(failed_times=Seat.failed_times + 1, failed_at=clock.now()))
