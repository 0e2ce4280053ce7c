"""Whether a pooled connection still has a database at its other end, found out without asking it each time.

A ping before every transaction (`pool_pre_ping`) costs three round trips, as much as a short event has altogether. A
database that went away has closed its end of the socket, and that can be seen by looking. Only a connection that
rested for long is really asked: a machine or cable that vanished closes nothing.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy.exc import InvalidatePoolError

RESTED = 30.0
"""Seconds without use after which a connection is asked."""


def note_use(_link: Any, record: Any) -> None:
    """Pool event `checkin`."""
    record.info["used_at"] = time.monotonic()


def look_before_use(link: Any, record: Any, _proxy: Any) -> None:
    """Pool event `checkout`: a dead connection is replaced by a fresh one before anybody notices, and with it all
    others of its age."""
    used_at = record.info.get("used_at")
    if used_at is None:  # brand new
        return
    if time.monotonic() - used_at < RESTED and not _is_spoken_to(link):
        return
    try:
        link.execute("SELECT 1")
        link.rollback()
    except Exception as error:
        raise InvalidatePoolError() from error


def _is_spoken_to(link: Any) -> bool:
    """The server sent something unasked: its farewell, nearly always."""
    if link.closed:
        return True
    poll = select.poll()  # not select(): descriptors grow past 1024
    poll.register(link.fileno(), select.POLLIN)
    return bool(poll.poll(0))


EVENTS = [(note_use, "checkin"), (look_before_use, "checkout")]
