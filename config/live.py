"""Live messages to open pages, from any process: `tell("desk:review", "worklist", {...})`.

Within a transaction a message waits for the commit: nobody sees what may yet be rolled back. Messages are
hints, never the truth: a page that missed one asks the database, so a Redis that is away loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import socketio as protocol
import structlog

from config import clock
from config.extensions import socketio
from config.redis import Hangs, channel_of, heard, impatient
from config.transaction import after_commit

log = structlog.get_logger(__name__)


class Bus(protocol.PubSubManager):
    """What carries live messages between processes. Raises redis.RedisError where it cannot."""

    name = "redis"

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._mouth = impatient(redis_url)
        super().__init__(channel=channel_of(redis_url, "live"))

    def _publish(self, data: dict[str, Any]) -> None:
        self._mouth.publish(self.channel, self.json.dumps(data))

    def _listen(self) -> Iterator[bytes]:
        return heard(self._url, self.channel)


def tell(room: str, event: str, payload: dict[str, Any]) -> None:
    """Send `event` to everyone in `room` after the commit. Payloads carry no unmasked personal data."""
    if not clock.is_turned():  # history is being written: nobody is watching it happen
        after_commit(_emit, room, event, payload)


def _emit(room: str, event: str, payload: dict[str, Any]) -> None:
    try:
        socketio.emit(event, payload, to=room)
    except Hangs:  # which was said once, and not by each of some hundred messages a second
        pass
    except Exception as error:
        log.warning("live_message_lost", room=room, live_event=event, error=str(error))
