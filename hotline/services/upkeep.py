"""Calls that fell silent: a switch that died says nothing of its calls any more, and somebody must end them.

A call of which nothing was heard for two hours is asked to hang up; if the switch does not confirm that within ten
minutes, its legs are taken for lost, the agents go free and the call is accounted as failed. A telephone that was
asked to be put down and never was is not waited for that long: nobody talks there any more, but an agent may be stuck.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional
from hotline.engine.facts import end_leg
from hotline.models import Call, CallLeg
from hotline.services.settle import settle
from hotline.services.turn import load, lock_call
from hotline.words import CallState, LegRole

log = structlog.get_logger(__name__)

SILENT_AFTER = timedelta(hours=2)
LOST_AFTER = SILENT_AFTER + timedelta(minutes=10)
UNCONFIRMED_AFTER = timedelta(minutes=2)
AT_ONCE = 200
NOBODY = "?"  # the leg of a call whose beginning was never told


@periodic("*/5 * * * *", "hotline.reconcile")
def reconcile() -> int:
    """Look at the calls that are silent for longest; how many were dealt with."""
    now = clock.now()
    silent = db.session.execute(
        select(Call.id, Call.last_event_at)
        .where(Call.ended_at.is_(None), Call.last_event_at < now - SILENT_AFTER)
        .where(or_(Call.place_since.is_(None), Call.state != CallState.QUEUED))  # nobody is on the line yet
        .order_by(Call.last_event_at)
        .limit(AT_ONCE)
    ).all()
    db.session.rollback()  # the list is read; each call is dealt with in a transaction of its own
    return sum(_deal_with(call_id, now) for call_id, _last in silent)


@periodic("* * * * *", "hotline.release_stuck")
def release_stuck() -> int:
    """End legs whose hang-up the switch never confirmed; how many calls were dealt with."""
    before = clock.now() - UNCONFIRMED_AFTER
    # Two small sets, each with a partial index: agents who are in a call, and calls that are not over.
    agents = select(CallLeg.call_id).where(
        CallLeg.agent_id.is_not(None),
        CallLeg.ended_at.is_(None),
        CallLeg.given_up_at.is_(None),
        CallLeg.hangup_asked_at < before,
    )
    citizens = (
        select(CallLeg.call_id)
        .join(Call, Call.id == CallLeg.call_id)
        .where(Call.ended_at.is_(None), CallLeg.ended_at.is_(None), CallLeg.hangup_asked_at < before)
    )
    stuck = set(db.session.scalars(agents.limit(AT_ONCE))) | set(db.session.scalars(citizens.limit(AT_ONCE)))
    db.session.rollback()
    return sum(_put_down(call_id, before) for call_id in sorted(stuck))


@transactional
def _put_down(call_id: int, before: datetime) -> bool:
    call = lock_call(call_id, skip=True)
    if call is None:
        return False
    snapshot = load(call)
    for leg in snapshot.live_legs:
        if leg.hangup_asked_at is not None and leg.hangup_asked_at < before:
            log.warning("hangup_unconfirmed", call_no=call.call_no, leg=leg.key)
            end_leg(leg, leg.hangup_asked_at, "unconfirmed", "hotline")
    settle(snapshot)
    return True


@transactional
def _deal_with(call_id: int, now: datetime) -> bool:
    call = lock_call(call_id, skip=True)
    if call is None or call.ended_at is not None or call.last_event_at >= now - SILENT_AFTER:
        return False
    snapshot = load(call)
    if call.last_event_at < now - LOST_AFTER:
        log.warning("call_lost", call_no=call.call_no, provider=call.provider, state=call.state.value)
        if call.arrived_at is None:
            call.arrived_at = call.first_heard_at
        if snapshot.citizen is None:
            snapshot.leg(NOBODY).role = LegRole.CITIZEN
        for leg in snapshot.live_legs:
            end_leg(leg, now, "lost", "hotline")
    elif call.hung_up_at is None:
        call.hung_up_at = now
    settle(snapshot)
    return True
