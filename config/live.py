"""Live messages to open pages, from any process: `tell("desk:review", "worklist", {...})`.

Within a transaction a message waits for the commit: nobody sees what may yet be rolled back. Messages are
hints, never the truth: a page that missed one asks the database, so a Redis that is away loses nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio as protocol
import structlog

from config import clock
from config.extensions import socketio
from config.redis import Hangs, channel_of, heard, impatient
from config.transaction import after_commit, around_telling

log = structlog.get_logger(__name__)


class Bus(protocol.PubSubManager):
    """What carries live messages between processes. Raises redis.RedisError where it cannot."""

    name = "redis"

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._mouth = impatient(redis_url)
        self._held = threading.local()
        super().__init__(channel=channel_of(redis_url, "live"))

    def _publish(self, data: dict[str, Any]) -> None:
        message, held = self.json.dumps(data), getattr(self._held, "messages", None)
        if held is None:
            self._mouth.publish(self.channel, message)
        else:
            held.append(message)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What this thread says in the block is said at its end, all at once: one way to Redis instead of several."""
        if getattr(self._held, "messages", None) is not None:  # who is told of a deed may do another
            yield
            return
        messages: list[str] = []
        self._held.messages = messages
        try:
            yield
        finally:
            self._held.messages = None
        if messages:
            pipe = self._mouth.pipeline(transaction=False)
            for message in messages:
                pipe.publish(self.channel, message)
            pipe.execute()

    def _listen(self) -> Iterator[bytes]:
        return heard(self._url, self.channel)


def tell(room: str, event: str, payload: dict[str, Any]) -> None:
    """Send `event` to everyone in `room` after the commit. Payloads carry no unmasked personal data."""
    if not clock.is_turned():  # history is being written: nobody is watching it happen
        after_commit(_emit, room, event, payload)


@around_telling
@contextmanager
def _gathered() -> Iterator[None]:
    """A transaction's messages go together. One that was told of a telephone's event has somebody waiting."""
    bus = socketio.server.manager if socketio.server else None
    if not isinstance(bus, Bus):
        yield
        return
    with _said_if_lost(), bus.gathered():
        yield


def _emit(room: str, event: str, payload: dict[str, Any]) -> None:
    with _said_if_lost(room=room, live_event=event):
        socketio.emit(event, payload, to=room)


@contextmanager
def _said_if_lost(**what: str) -> Iterator[None]:
    try:
        yield
    except Hangs:  # which was said once, and not by each of some hundred messages a second
        pass
    except Exception as error:
        log.warning("live_message_lost", error=str(error), **what)
