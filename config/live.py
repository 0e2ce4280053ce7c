"""Live messages to open pages, from any process: `tell("desk:review", "worklist", {...})`.

Within a transaction a message waits for the commit: nobody sees what may yet be rolled back. Messages are
hints, never the truth: a page that missed one asks the database, so a Redis that is away loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import socketio as protocol
import structlog
from redis import RedisError

from config import clock
from config.extensions import socketio
from config.redis import Hangs, impatient, patient
from config.transaction import after_commit

log = structlog.get_logger(__name__)
QUIET, DEAD_AFTER = 10.0, 3
"""Seconds without a message, after which it is asked whether the line lives; and how often in vain."""
HEAR_AGAIN_AFTER = 0.5


class Bus(protocol.PubSubManager):
    """What carries live messages between processes. Raises redis.RedisError where it cannot.

    Redis' channels know nothing of its numbered databases, so the number is in the channel's name: two hotlines on
    one server do not hear each other.
    """

    name = "redis"

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._mouth = impatient(redis_url)
        number = self._mouth.connection_pool.connection_kwargs.get("db", 0)
        super().__init__(channel=f"hotline:live:{number}")

    def _publish(self, data: dict[str, Any]) -> None:
        self._mouth.publish(self.channel, self.json.dumps(data))

    def _listen(self) -> Iterator[bytes]:
        """What the others say, for ever. A line on which not even the answer to our own call comes is dead."""
        is_deaf = False
        while True:
            try:
                with patient(self._url).pubsub(ignore_subscribe_messages=True) as ear:
                    ear.subscribe(self.channel)
                    quiet = 0
                    while quiet < DEAD_AFTER:
                        message = ear.get_message(timeout=QUIET)
                        if message is None:
                            quiet += 1
                            ear.ping()
                            continue
                        quiet = 0
                        if is_deaf:
                            log.info("live_messages_heard_again")
                            is_deaf = False
                        if message["type"] == "message":
                            yield message["data"]
            except (RedisError, OSError) as error:
                if not is_deaf:
                    log.warning("live_messages_not_heard", error=str(error))
                is_deaf = True
                time.sleep(HEAR_AGAIN_AFTER)


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
