"""Every periodic job of the house, listed once: `@periodic("*/5 * * * *")` on a function without arguments.

The next run of each is a timer row, so that any number of clock processes start it once. The clock only queues
it; a worker runs it. Cron strings are read in the city's time. A run is queued before its timer moves on: a clock
that dies in between queues it once more, and none is left out. So a job must bear running twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from croniter import croniter
from sqlalchemy import delete, select

from config import clock
from config.extensions import db, job_queue
from config.timers import Timer, set_timer, timer_handler
from config.transaction import transactional

KIND = "periodic"
FAILED_KEPT = 3 * 24 * 3600
"""Seconds for which a failed run can be looked at. RQ's year would fill Redis, which evicts nothing: a job of each
minute leaves half a million."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PeriodicJob:
    name: str
    cron: str
    function: Callable[[], object]

    def next_run(self, after: datetime) -> datetime:
        """The first time of the cron string after `after`."""
        following: datetime = croniter(self.cron, clock.local(after)).get_next(datetime)
        return following.astimezone(UTC)


JOBS: dict[str, PeriodicJob] = {}


def periodic(cron: str, name: str | None = None) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Run the function at the times of the five-field `cron` string."""
    if not croniter.is_valid(cron):
        raise ValueError(f"not a cron string: {cron!r}")

    def register(function: Callable[[], object]) -> Callable[[], object]:
        job = PeriodicJob(name or f"{function.__module__}.{function.__qualname__}", cron, function)
        JOBS[job.name] = job
        return function

    return register


@transactional
def schedule_all() -> None:
    """Give every job without one its next run, and forget runs of jobs that are no more."""
    there = set(db.session.scalars(select(Timer.key).where(Timer.kind == KIND)))
    for job in JOBS.values():
        if job.name not in there:
            set_timer(KIND, job.name, job.next_run(clock.now()))
    if gone := there - set(JOBS):
        db.session.execute(delete(Timer).where(Timer.kind == KIND, Timer.key.in_(gone)))


@timer_handler(KIND)
def _start(name: str, _payload: dict[str, Any]) -> None:
    job = JOBS.get(name)
    if job is None:
        return
    set_timer(KIND, name, job.next_run(clock.now()))
    job_queue().enqueue(
        f"{job.function.__module__}.{job.function.__qualname__}",
        result_ttl=0,
        failure_ttl=FAILED_KEPT,
        job_timeout=900,
    )
