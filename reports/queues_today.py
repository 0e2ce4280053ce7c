"""Today's figures of each queue, for the floor; computed once for everybody who looks."""

from __future__ import annotations

import json
from contextlib import suppress

from flask_babel import get_locale
from redis.exceptions import RedisError

from config import clock
from config.extensions import redis_client
from config.web.filters import clock_time, number, percent
from hotline.interfaces import queues_today
from hotline.models import Call
from reports.kpis import KPIS, Figure, Period, Unit, compute_by
from reports.kpis.sources import CALLS

CODES = ("calls_offered", "calls_answered", "calls_abandoned", "answered_in_15s_of_offered", "average_wait")
FRESH_SECONDS = 10


@queues_today.register
def today() -> dict[int, list[tuple[str, str]]]:
    """By queue: (name, value as pages write it)."""
    written = _kept() or _compute()
    names = [str(KPIS[code].name) for code in CODES]
    return {int(queue): list(zip(names, values, strict=True)) for queue, values in written.items()}


def _kept() -> dict[str, list[str]] | None:
    try:
        found = redis_client().get(_key())
    except RedisError:
        return None
    kept: dict[str, list[str]] | None = json.loads(found) if found else None
    return kept


def _compute() -> dict[str, list[str]]:
    by_queue = compute_by(Call.queue_id.label("q"), CALLS, Period.of_day(clock.today()), CODES)
    written = {
        str(queue): [_written(figures[code]) for code in CODES]
        for queue, figures in by_queue.items()
        if queue is not None
    }
    with suppress(RedisError):  # then everybody computes for themselves
        redis_client().set(_key(), json.dumps(written), ex=FRESH_SECONDS)
    return written


def _key() -> str:
    return f"reports:queues_today:{get_locale()}"


def _written(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    match figure.kpi.unit:
        case Unit.SHARE:
            return percent(figure.value)
        case Unit.SECONDS:
            return clock_time(figure.value)
    return number(int(figure.value))
