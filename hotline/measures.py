"""What this floor adds to `/metrics`: calls as they are now, and whether the switches are heard and hear us."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from config import clock
from config.extensions import db
from config.web.metrics import Figure, age
from hotline.models import Call, CallCommand, CallEvent, Recording, Seat, Trunk
from hotline.queries import agents_by_state, waits_by_queue
from hotline.services.keeping import MOST_FAILURES
from hotline.services.orders import GIVE_UP_AFTER
from hotline.words import CallState

LATELY = 200
"""So many events tell how late events come."""


def calls() -> Iterator[Figure]:
    """Live calls by state, who waits, what the agents do."""
    by_state = select(Call.state, func.count()).where(Call.ended_at.is_(None)).group_by(Call.state)
    alive: dict[CallState, int] = dict(db.session.execute(by_state).all())
    for state in CallState:
        if state is not CallState.ENDED:
            yield Figure(
                "calls_live", "Calls that are not over.", alive.get(state, 0), {"state": state.value}
            )
    newest = db.session.scalar(
        select(Call.arrived_at).where(Call.arrived_at.is_not(None)).order_by(Call.arrived_at.desc()).limit(1)
    )
    yield Figure(
        "calls_last_arrived_seconds", "How long ago the last call came in or was placed.", age(newest)
    )
    for queue, wait in waits_by_queue():
        label = {"queue": queue.code}
        yield Figure("queue_waiting", "Callers who wait.", wait.waiting, label)
        yield Figure(
            "queue_longest_wait_seconds", "How long the first of them waits.", wait.longest_seconds, label
        )
    for what, count in agents_by_state().items():
        yield Figure("agents", "Agents on duty.", count, {"state": what.value})


def switches() -> Iterator[Figure]:
    """Events come late where the switch cannot reach us; commands wait where we do not reach it."""
    lately = (
        select(CallEvent.received_at, (CallEvent.received_at - CallEvent.at).label("late"))
        .order_by(CallEvent.id.desc())
        .limit(LATELY)
        .subquery()
    )
    late = func.extract("epoch", lately.c.late)
    newest, half, most = db.session.execute(
        select(
            func.max(lately.c.received_at),
            func.percentile_disc(0.5).within_group(late),
            func.percentile_disc(0.95).within_group(late),
        )
    ).one()
    yield Figure("events_last_seconds", "How long ago a switch last told us anything.", age(newest))
    for quantile, value in (("0.5", half), ("0.95", most)):
        yield Figure(
            "event_delay_seconds",
            f"From its happening at the switch to our hearing of it, of the last {LATELY} events.",
            float(value or 0),
            {"quantile": quantile},
        )
    count, since = db.session.execute(
        select(func.count(), func.min(CallCommand.issued_at)).where(
            CallCommand.event_id.is_(None),
            CallCommand.acked_at.is_(None),
            CallCommand.issued_at > clock.now() - GIVE_UP_AFTER,
        )
    ).one()
    yield Figure("commands_waiting", "Commands in mid-call that no switch has acknowledged.", count)
    yield Figure("commands_oldest_seconds", "Age of the oldest of them.", age(since))
    for trunk in db.session.scalars(select(Trunk).where(Trunk.active).order_by(Trunk.name)):
        yield Figure("trunk_online", "Whether its other end answers.", trunk.online, {"trunk": trunk.name})
    online = db.session.scalar(select(func.count()).where(Seat.active, Seat.online))
    yield Figure("seats_online", "Telephones of ours that are registered.", online or 0)


def recordings() -> Iterator[Figure]:
    """Those still at the switch, where they may be deleted before we have them."""
    unkept = (Recording.kept_at.is_(None), Recording.ready_at.is_not(None))
    waiting, since, given_up = db.session.execute(
        select(
            func.count().filter(Recording.failures < MOST_FAILURES),
            func.min(Recording.ready_at).filter(Recording.failures < MOST_FAILURES),
            func.count().filter(Recording.failures >= MOST_FAILURES),
        ).where(*unkept, Recording.deleted_at.is_(None))
    ).one()
    yield Figure("recordings_to_fetch", "Recordings that are ready and not kept yet.", waiting)
    yield Figure("recordings_oldest_seconds", "How long the first of them waits.", age(since))
    yield Figure("recordings_given_up", "Recordings that could not be fetched in twelve attempts.", given_up)
