"""The clock process and the worker process.

Any number of clock processes may run: timers (periodic jobs among them) and outbox rows are taken with SKIP
LOCKED. If all of them die, everything due waits in its table.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import structlog
from flask import Flask
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from config import outbox, periodic, timers
from config.extensions import db
from config.redis import patient
from config.settings import settings

log = structlog.get_logger(__name__)


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Run due timers (periodic jobs among them) and deliver the outbox until SIGTERM or `stop`.

    Each has a thread: a department's system that answers slowly must not hold up a ring's time-out.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stop.set())
    with app.app_context():
        periodic.schedule_all()
    log.info("clock_started", interval_ms=settings().clock_interval_ms)
    post = threading.Thread(target=_repeat, args=(app, outbox.deliver_outbox, stop), name="outbox")
    post.start()
    _repeat(app, timers.run_due_timers, stop)
    post.join()
    log.info("clock_stopped")


def _repeat(app: Flask, look: Callable[[], int], stop: threading.Event) -> None:
    """Look for what is due; at once again while there is something, else after the interval."""
    interval = app.config["SETTINGS"].clock_interval_ms / 1000
    while not stop.is_set():
        began = time.monotonic()
        with app.app_context():
            try:
                busy = look()
            except Exception:
                # The database is away or restarting: everything due is still in its table.
                log.exception("clock_round_failed", of=look.__name__)
                db.session.rollback()
                busy = 0
                stop.wait(1)
        if not busy:
            stop.wait(max(0.0, interval - (time.monotonic() - began)))


def work() -> None:
    """Run background jobs until SIGTERM. One process, no fork: a job that dies hard is tried again."""
    worker = SimpleWorker(["default"], connection=patient(settings().redis_url), serializer=JSONSerializer)
    worker.work(logging_level="WARNING")
