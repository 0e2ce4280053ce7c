"""`/metrics`: figures for Prometheus, for who has `METRICS_TOKEN`.

Each is read from the database, Redis or the disk when it is asked for, never counted in a process: any web of many
gives the same answer, and one that begins anew has forgotten nothing. A floor adds its own with `add_measure`; what it
reads must be small, found by an index, and without personal data.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, request
from rq import worker_registration
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from sqlalchemy import func, select, text

from config import clock
from config.errors import NotFound
from config.extensions import csrf, db, job_queue, limiter
from config.outbox import OutboxRow
from config.settings import settings
from config.timers import Timer
from config.web import health

log = structlog.get_logger(__name__)
blueprint = Blueprint("metrics", __name__)
PREFIX = "hotline_"


@dataclass(frozen=True)
class Figure:
    """`hotline_<name>{labels} value`. Seconds, bytes or a count; 1 and 0 where it says whether."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Measure = Callable[[], Iterable[Figure]]
_measures: dict[str, Measure] = {}


def add_measure(name: str, measure: Measure) -> None:
    """Add figures to `/metrics`. What fails is missing, and `hotline_measured{part=name}` is 0."""
    _measures[name] = measure


def age(since: datetime | None) -> float:
    """Seconds since then; 0 where there is nothing, or it is still to come."""
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)
    limiter.exempt(blueprint)
    add_measure("database", _database)
    add_measure("timers", _timers)
    add_measure("outbox", _outbox)
    add_measure("jobs", _jobs)
    add_measure("disk", _disk)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Without a token configured there is no such page."""
    wanted = settings().metrics_token
    if not wanted:
        raise NotFound()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        # Said plainly: whoever collects figures can do nothing with a page on which people sign in.
        return Response("401\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    # Loaded by who is asked for it: it is a megabyte, and few of many processes ever are.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import choose_encoder

    registry = CollectorRegistry()
    registry.register(_Told(list(figures())))
    encode, kind = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=kind)


class _Told:
    """A collector of what has been read already."""

    def __init__(self, found: list[Figure]) -> None:
        self._found = found

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        families: dict[str, GaugeMetricFamily] = {}
        for one in self._found:
            family = families.get(one.name)
            if family is None:
                family = GaugeMetricFamily(PREFIX + one.name, one.meaning, labels=list(one.labels))
                families[one.name] = family
            family.add_metric(list(one.labels.values()), one.value)
        yield from families.values()


def figures() -> Iterator[Figure]:
    """All there are. With the database away only what can be said without it: nobody waits for it once a part."""
    found = health.report()
    for name, line in found.items():
        yield Figure(
            "check_ok", "Whether this line of /readyz is well.", float(bool(line["ok"])), {"check": name}
        )
    database_is_there = bool(found["database"]["ok"])
    for part, measure in _measures.items():
        told: list[Figure] = []
        measured = database_is_there or part in ("disk", "jobs")
        if measured:
            try:
                told = list(measure())
            except Exception as error:
                db.session.rollback()
                measured = False
                log.warning("not_measured", part=part, error=type(error).__name__)
        yield Figure("measured", "Whether these figures could be read.", float(measured), {"part": part})
        yield from told
    db.session.rollback()  # nothing was written


def _database() -> Iterator[Figure]:
    """One connection of ours asks for all; `pg_stat_activity` lists some hundred rows and reads no table."""
    asked = text(
        "SELECT clock_timestamp(), (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int"
    )
    before = clock.now()
    there, taken, most = db.session.execute(asked).one()
    here = before + (clock.now() - before) / 2
    yield Figure(
        "clock_offset_seconds",
        "How far this machine's clock is ahead of the database's.",
        (here - there).total_seconds(),
    )
    yield Figure("database_connections", "Connections the database has now, of everybody.", taken)
    yield Figure("database_connections_most", "Connections it allows.", most)


def _timers() -> Iterator[Figure]:
    count, since = db.session.execute(
        select(func.count(), func.min(Timer.due_at)).where(Timer.due_at <= clock.now())
    ).one()
    yield Figure("timers_due", "Timers that are due and not acted on.", count)
    yield Figure("timers_oldest_due_seconds", "How late the latest of them is: is a clock alive?", age(since))


def _outbox() -> Iterator[Figure]:
    waiting = (OutboxRow.delivered_at.is_(None), OutboxRow.dead_at.is_(None))
    count, since = db.session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(*waiting)
    ).one()
    yield Figure(
        "outbox_waiting", "Rows of the outbox that wait to be delivered, or to be tried again.", count
    )
    yield Figure("outbox_oldest_seconds", "Age of the oldest of them.", age(since))
    dead = db.session.scalar(select(func.count()).where(OutboxRow.dead_at.is_not(None)))
    yield Figure("outbox_parked", "Rows that failed six times and are not tried any more.", dead or 0)


def _jobs() -> Iterator[Figure]:
    queue = job_queue()
    waiting = queue.get_job_ids(0, 1)
    since = None
    if waiting:
        try:
            since = Job.fetch(
                waiting[0], connection=queue.connection, serializer=queue.serializer
            ).enqueued_at
        except NoSuchJobError:
            since = None  # taken this moment
    yield Figure("jobs_waiting", "Background jobs that wait for a worker.", queue.count)
    yield Figure("jobs_oldest_seconds", "How long the first of them waits: is a worker alive?", age(since))
    failed = FailedJobRegistry(queue=queue).get_job_count(cleanup=False)
    yield Figure("jobs_failed", "Background jobs that failed, of the last days.", failed)
    # A worker that was killed stays in the list; what it says of itself is gone after a while.
    listed = worker_registration.get_keys(queue=queue)
    alive = queue.connection.exists(*listed) if listed else 0
    yield Figure("workers", "Workers that gave a sign of life lately.", int(alive))


def _disk() -> Iterator[Figure]:
    there = shutil.disk_usage(settings().var_dir)
    yield Figure("disk_free_bytes", "Room left where VAR_DIR lies.", there.free)
    yield Figure("disk_bytes", "All the room there.", there.total)
