"""Whether a queue takes a caller now, and where they go if not: hours, holidays, caps (domain § 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, text

from config import calendar, clock
from config.extensions import db
from hotline.models import CallQueue, QueueEntry
from hotline.words import OtherWay

WAITING_IN = select(func.count()).where(
    QueueEntry.queue_id == bindparam("queue"), QueueEntry.left_at.is_(None)
)

ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(1234503)")


def admit(queue: CallQueue, now: datetime) -> tuple[CallQueue, OtherWay, list[CallQueue]]:
    """The queue where they are now, what happens to them there (WAIT: they wait), and the queues that sent them on.

    Queues that send callers on to each other in a circle end in a message. Who asks for a place in a queue with a cap
    waits until those before have theirs, so that one of two who come in the same moment gets the last.
    """
    passed: list[CallQueue] = []
    while (way := way_of(queue, now)) is OtherWay.NEXT_QUEUE:
        following = queue.next_queue
        if following is None or not following.active or following in (queue, *passed):
            return queue, OtherWay.VOICEMAIL, passed
        passed.append(queue)
        queue = following
    return queue, way, passed


def way_of(queue: CallQueue, now: datetime) -> OtherWay:
    """What this queue does with a caller who comes now."""
    if not is_open(queue, now):
        return queue.when_closed
    if queue.most_waiting and _waiting_in(queue) >= queue.most_waiting:
        return queue.when_full
    return OtherWay.WAIT


def is_open(queue: CallQueue, now: datetime) -> bool:
    """By the city's clock and the working calendar; a night shift belongs to the day on which it began."""
    local = clock.local(now)
    day, at = local.date(), local.time()
    opens, closes = queue.opens_at, queue.closes_at
    if opens is not None and closes is not None:
        if opens < closes:
            if not opens <= at < closes:
                return False
        elif at < closes:
            day -= timedelta(days=1)
        elif at < opens:
            return False
    return not queue.working_days_only or calendar.is_working_day(day)


def _waiting_in(queue: CallQueue) -> int:
    # One lock for all queues with a cap: callers who are sent on along them in different orders never wait in a circle.
    db.session.execute(ONE_BY_ONE)
    return db.session.scalar(WAITING_IN, {"queue": queue.id}) or 0
