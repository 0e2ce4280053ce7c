"""The clock process and the worker process.

Any number of clock processes may run: timers (periodic jobs among them) and outbox rows are taken with SKIP
LOCKED. If all of them die, everything due waits in its table.
"""

from __future__ import annotations

import signal
import threading
import time

import structlog
from flask import Flask
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from config import outbox, periodic, timers
from config.extensions import db, redis_client
from config.settings import settings

log = structlog.get_logger(__name__)


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Run due timers, deliver the outbox and queue periodic jobs until SIGTERM or `stop`."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stop.set())
    interval = settings().clock_interval_ms / 1000
    with app.app_context():
        periodic.schedule_all()
    log.info("clock_started", interval_ms=settings().clock_interval_ms)
    while not stop.is_set():
        began = time.monotonic()
        with app.app_context():
            try:
                busy = timers.run_due_timers() + outbox.deliver_outbox()
            except Exception:
                # The database is away or restarting: everything due is still in its table.
                log.exception("clock_round_failed")
                db.session.rollback()
                busy = 0
                stop.wait(1)
        if not busy:
            stop.wait(max(0.0, interval - (time.monotonic() - began)))
    log.info("clock_stopped")


def work() -> None:
    """Run background jobs until SIGTERM. One process, no fork: a job that dies hard is tried again."""
    connection = redis_client()
    # Blocking reads of the worker outlast the usual socket time-out.
    worker = SimpleWorker(["default"], connection=connection, serializer=JSONSerializer)
    worker.work(logging_level="WARNING")
