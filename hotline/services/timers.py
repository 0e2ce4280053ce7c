"""What happens when time runs out: rings, steps of a flow, wrap-ups; waits have a room of their own (`waiting`). Each
first looks if it still matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, exists, select

from config import clock
from config.extensions import db
from config.timers import set_timer, timer_handler
from hotline.engine.position import position_of
from hotline.models import Call, CallLeg
from hotline.services import agents, menu
from hotline.services.settle import settle
from hotline.services.turn import load, lock_call

log = structlog.get_logger(__name__)
NEARLY = timedelta(seconds=3)
"""So much of a ring may be lacking for it to have been one: telephones take a moment until they ring."""

# Built once: nearly every call has such a timer, and nearly none of them matters any more.
STILL_RINGS = select(
    exists().where(
        CallLeg.call_id == bindparam("call"),
        CallLeg.key == bindparam("key"),
        CallLeg.answered_at.is_(None),
        CallLeg.ended_at.is_(None),
        CallLeg.given_up_at.is_(None),
    )
)


@timer_handler("hotline.ring")
def ring_timed_out(key: str, payload: dict[str, Any]) -> None:
    """Nobody picked up: the agent is not ready any more, the caller goes to the next, before all others. A telephone
    that began to ring late has its whole time: there the caller is nearest to being answered."""
    call_id = int(payload["call_id"])
    asked = {"call": call_id, "key": key}
    if not db.session.scalar(STILL_RINGS, asked) or (call := lock_call(call_id)) is None:
        return
    snapshot = load(call)
    leg = snapshot.legs[key]
    if leg.answered_at is None and not leg.is_over:
        now, lasts = clock.now(), timedelta(seconds=payload.get("seconds", 0))
        if leg.ringing_at is not None and leg.ringing_at + lasts > now + NEARLY:
            set_timer("hotline.ring", key, leg.ringing_at + lasts, **payload)
            return
        leg.given_up_at = now
        settle(snapshot)


@timer_handler("hotline.step")
def step_timed_out(key: str, payload: dict[str, Any]) -> None:
    """The switch never told of a key, nor that it has said what it should: the caller gets a person."""
    undecided = exists().where(Call.id == int(key), Call.asked_at.is_(None), Call.ended_at.is_(None))
    if not db.session.scalar(select(undecided)) or (call := lock_call(int(key))) is None:
        return
    position = position_of(call)
    if position is None or position.step != payload.get("step"):
        return
    snapshot = load(call)
    if menu.leave(snapshot, clock.now()):
        log.warning("step_unanswered", call_no=call.call_no, step=position.step, provider=call.provider)
        settle(snapshot)


@timer_handler("hotline.wrap_up")
def wrap_up_timed_out(key: str, _payload: dict[str, Any]) -> None:
    """The next call, please."""
    agents.end_wrap_up_on_time(int(key))
