"""The live board: what is happening now, and today's figures.

It is computed once for everybody who looks, at most every two seconds, and only while somebody looks: whoever opens
the board asks for it, a timer keeps it going, and it stops when nobody has asked for a minute.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import func, select

from config import clock
from config.extensions import db, redis_client
from config.live import tell
from config.timers import set_timer, timer_handler
from config.transaction import transactional
from dispatch.models import Case
from dispatch.queries import Due, is_due
from dispatch.workflow import OPEN_STATES, CaseState
from hotline.models import AgentPresence, Call, CallQueue, QueueEntry, Trunk
from hotline.queries import trunks_down
from hotline.words import AgentState
from reports.kpis import Period, compute_all

log = structlog.get_logger(__name__)
TIMER = "reports.board"
EVERY = timedelta(seconds=2)
WATCHED_FOR = timedelta(seconds=60)
CACHE, WATCHED = "reports:board", "reports:board:watched"

TODAY = (
    "calls_offered",
    "calls_answered",
    "calls_abandoned",
    "answer_rate",
    "answered_in_15s_of_answered",
    "answered_in_15s_of_offered",
    "average_wait",
    "average_talk",
    "occupancy",
    "cases_registered",
    "cases_closed",
    "on_the_spot_rate",
    "solved_rate",
    "satisfied_rate",
    "signed_in_time",
    "closed_in_time",
)
"""The KPIs of the board, for today."""


def board() -> dict[str, Any]:
    """The newest snapshot (at most `EVERY` old while somebody looks); computed here if there is none."""
    _watch()
    try:
        kept = redis_client().get(CACHE)
    except RedisError:
        kept = None
    if kept is not None:
        found: dict[str, Any] = json.loads(kept)
        return found
    return _refresh()


def snapshot() -> dict[str, Any]:
    """Everything on the board, as plain values, computed now."""
    at = clock.now()
    figures = compute_all(Period.of_day(clock.today()), codes=TODAY)
    return {
        "as_of": at.isoformat(),
        "waiting": _waiting(at),
        "agents": _agents(),
        "trunks": {"all": _trunks(), "down": len(trunks_down())},
        "cases": _cases(at),
        "figures": {code: figure.as_payload() for code, figure in figures.items()},
    }


def _waiting(at: datetime) -> dict[str, Any]:
    rows = db.session.execute(
        select(CallQueue.name, func.count(QueueEntry.id), func.min(QueueEntry.joined_at))
        .join(QueueEntry, (QueueEntry.queue_id == CallQueue.id) & QueueEntry.left_at.is_(None), isouter=True)
        .where(CallQueue.active)
        .group_by(CallQueue.id, CallQueue.name)
        .order_by(CallQueue.id)
    ).all()
    queues = [
        {"name": name, "calls": n, "longest": (at - first).total_seconds() if first else 0}
        for name, n, first in rows
    ]
    return {
        "calls": sum(q["calls"] for q in queues),
        "longest": max((q["longest"] for q in queues), default=0),
        "queues": queues,
        "live": db.session.scalar(select(func.count()).select_from(Call).where(Call.ended_at.is_(None))) or 0,
    }


def _agents() -> dict[str, int]:
    rows = db.session.execute(select(AgentPresence.state, func.count()).group_by(AgentPresence.state))
    found = {state.value: n for state, n in rows}
    return {
        state.value: found.get(state.value, 0) for state in AgentState if state is not AgentState.SIGNED_OUT
    }


def _trunks() -> int:
    return db.session.scalar(select(func.count()).select_from(Trunk).where(Trunk.active)) or 0


def _cases(at: datetime) -> dict[str, Any]:
    rows = db.session.execute(
        select(
            Case.state,
            func.count(),
            func.count().filter(is_due(Due.OVERDUE, at)),
            func.count().filter(is_due(Due.TODAY, at)),
        )
        .where(Case.state.in_(OPEN_STATES))
        .group_by(Case.state)
    )
    by_state = {state: (n, overdue, due) for state, n, overdue, due in rows}
    ordered = [state for state in CaseState if state in OPEN_STATES]
    return {
        "states": {state.value: by_state.get(state, (0, 0, 0))[0] for state in ordered},
        "open": sum(n for n, _o, _d in by_state.values()),
        "overdue": sum(o for _n, o, _d in by_state.values()),
        "due_today": sum(d for _n, _o, d in by_state.values()),
    }


def day_curve() -> list[dict[str, Any]]:
    """Today in half hours up to now: `{at, offered, answered, abandoned}`; the city's clock time as `HH:MM`."""
    from reports.kpis import KPIS

    start = clock.start_of_day(clock.today())
    slot = func.floor((func.extract("epoch", Call.arrived_at) - start.timestamp()) / 1800)
    codes = ("calls_offered", "calls_answered", "calls_abandoned")
    statement = KPIS[codes[0]].source.select(
        [slot.label("slot"), *(KPIS[code].numerator for code in codes)],
        start,
        start + timedelta(days=1),
        None,
    )
    assert statement is not None
    found = {int(row[0]): row[1:] for row in db.session.execute(statement.group_by(slot))}
    slots = int((clock.now() - start).total_seconds() // 1800) + 1
    return [
        {
            "at": f"{n // 2:02d}:{n % 2 * 30:02d}",
            "offered": found.get(n, (0, 0, 0))[0],
            "answered": found.get(n, (0, 0, 0))[1],
            "abandoned": found.get(n, (0, 0, 0))[2],
        }
        for n in range(slots)
    ]


@transactional
def _watch() -> None:
    """Somebody looks: let the ticker run."""
    try:
        fresh = redis_client().set(WATCHED, "1", ex=int(WATCHED_FOR.total_seconds()), get=True) is None
    except RedisError:
        return
    if fresh:
        set_timer(TIMER, "all", clock.now() + EVERY)


@timer_handler(TIMER)
def _tick(_key: str, _payload: dict[str, Any]) -> None:
    if not redis_client().exists(WATCHED):
        return
    tell("board", "board", _refresh())
    set_timer(TIMER, "all", clock.now() + EVERY)


def _refresh() -> dict[str, Any]:
    fresh = snapshot()
    try:
        redis_client().set(CACHE, json.dumps(fresh), px=int(EVERY.total_seconds() * 2000))
    except RedisError as error:
        log.warning("board_not_kept", error=str(error))
    return fresh
