"""Live messages to open pages, from any process: `tell("desk:review", "worklist", {...})`.

Within a transaction a message waits for the commit: nobody sees what may yet be rolled back. Messages are
hints, never the truth: a page that missed one asks the database, so a Redis that is away loses nothing.
"""

from __future__ import annotations

from typing import Any

import socketio as protocol
import structlog
from redis import Redis

from config import clock
from config.extensions import socketio
from config.transaction import after_commit

log = structlog.get_logger(__name__)


def bus(redis_url: str) -> protocol.RedisManager:
    """What carries live messages between processes.

    Redis' channels know nothing of its numbered databases, so the number is in the channel's name: two hotlines on
    one server do not hear each other.
    """
    number = Redis.from_url(redis_url).connection_pool.connection_kwargs.get("db", 0)
    return protocol.RedisManager(redis_url, channel=f"hotline:live:{number}")


def tell(room: str, event: str, payload: dict[str, Any]) -> None:
    """Send `event` to everyone in `room` after the commit. Payloads carry no unmasked personal data."""
    if not clock.is_turned():  # history is being written: nobody is watching it happen
        after_commit(_emit, room, event, payload)


def _emit(room: str, event: str, payload: dict[str, Any]) -> None:
    try:
        socketio.emit(event, payload, to=room)
    except Exception as error:
        log.warning("live_message_lost", room=room, live_event=event, error=str(error))
