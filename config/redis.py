"""The way to Redis. Everywhere it is a convenience: live pages, queues of jobs, figures remembered for a moment.

One that is away says so at once. One that hangs says nothing, and whoever asks it waits: a caller's event, then, until
the switch loses patience. So nobody waits longer than `PATIENCE`, and after one has waited in vain all others go on
without it at once; every `REST` seconds one tries for all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry

log = structlog.get_logger(__name__)
PATIENCE = 1.0
REST = 3.0
QUIET, DEAD_AFTER = 10.0, 3
"""Seconds without a message, after which it is asked whether the line lives; and how often in vain."""
HEAR_AGAIN_AFTER = 0.5


class Hangs(redis.ConnectionError):
    """Redis left somebody without an answer a moment ago: it was not asked again."""


class Watch:
    """Whether Redis is worth asking, as all who ask it from this process know."""

    def __init__(self, rest: float = REST) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._not_before = 0.0

    def admit(self) -> None:
        """Raises Hangs while it is not; now and then lets one through who tries for all."""
        if not self._not_before:
            return
        with self._lock:
            now = time.monotonic()
            if now < self._not_before:
                raise Hangs("Redis did not answer a moment ago")
            if self._not_before:
                self._not_before = now + self._rest

    def left_us_waiting(self) -> None:
        if not self._not_before:
            log.warning("redis_hangs", asked_again_in=self._rest)
        self._not_before = time.monotonic() + self._rest

    def answered(self) -> None:
        if self._not_before:
            log.info("redis_answers_again")
        self._not_before = 0.0


class _Watched:
    """What a connection of any kind learns of Redis goes to the watch."""

    def __init__(self, *, watch: Watch, **options: Any) -> None:
        super().__init__(**options)
        self._watch = watch

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except redis.TimeoutError:
            self._watch.left_us_waiting()
            raise

    def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            response = super().read_response(*args, **options)  # type: ignore[misc]
        except redis.TimeoutError:
            self._watch.left_us_waiting()
            raise
        self._watch.answered()
        return response


class _Pool(redis.ConnectionPool):
    def get_connection(self, *args: Any, **options: Any) -> Any:
        self.connection_kwargs["watch"].admit()
        return super().get_connection(*args, **options)


def impatient(url: str) -> redis.Redis:
    """A client, pooled, for whoever has somebody waiting. Raises redis.RedisError, Hangs among them."""
    # The address says which kind: plain, TLS, a socket file.
    plain: type = parse_url(url).get("connection_class", redis.Connection)
    pool = _Pool.from_url(
        url,
        connection_class=type("Watched" + plain.__name__, (_Watched, plain), {}),
        watch=Watch(),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        health_check_interval=15,
        # A connection from before a restart is dead: once more on a new one.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    return redis.Redis(connection_pool=pool)


def patient(url: str) -> redis.Redis:
    """A client for whoever has nothing to do but to listen or to wait for work."""
    return redis.Redis.from_url(url, health_check_interval=15)


def channel_of(url: str, name: str) -> str:
    """A name for messages. Redis' channels know nothing of its numbered databases, so the number is in the name: two
    hotlines on one server do not hear each other."""
    return f"hotline:{name}:{parse_url(url).get('db', 0)}"


def heard(url: str, channel: str) -> Iterator[bytes]:
    """What is said on `channel`, for ever. A line on which not even the answer to our own call comes is dead."""
    is_deaf = False
    while True:
        try:
            with patient(url).pubsub(ignore_subscribe_messages=True) as ear:
                ear.subscribe(channel)
                quiet = 0
                while quiet < DEAD_AFTER:
                    message = ear.get_message(timeout=QUIET)
                    if message is None:
                        quiet += 1
                        ear.ping()
                        continue
                    quiet = 0
                    if is_deaf:
                        log.info("messages_heard_again", channel=channel)
                        is_deaf = False
                    if message["type"] == "message":
                        yield message["data"]
        except (redis.RedisError, OSError) as error:
            if not is_deaf:
                log.warning("messages_not_heard", channel=channel, error=str(error))
            is_deaf = True
            time.sleep(HEAR_AGAIN_AFTER)
