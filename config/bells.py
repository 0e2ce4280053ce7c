"""Bells that ring in every process: `ring("knowledge")`, and all who keep a copy of it look again at once.

A ring is a hint and carries nothing. Who missed one, while Redis was away, looks again by and by.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from redis import RedisError

from config import clock
from config.extensions import redis_client
from config.redis import Hangs, channel_of, heard
from config.settings import settings
from config.transaction import after_commit

log = structlog.get_logger(__name__)


def ring(bell: str) -> None:
    """Ring `bell` once the transaction is committed."""
    if settings().redis_url and not clock.is_turned():  # nobody watches history being written
        after_commit(_ring, bell)


def answer(redis_url: str, bell: str, act: Callable[[], None]) -> None:
    """Call `act` at each ring of `bell`, in a thread of its own, without an app around it: it must be quick."""

    def listen() -> None:
        for _nothing in heard(redis_url, _channel(redis_url, bell)):
            act()

    threading.Thread(target=listen, name=f"bell-{bell}", daemon=True).start()


def _ring(bell: str) -> None:
    try:
        redis_client().publish(_channel(settings().redis_url, bell), b"")
    except Hangs:  # which was said once
        pass
    except RedisError as error:
        log.warning("bell_not_rung", bell=bell, error=str(error))


def _channel(redis_url: str, bell: str) -> str:
    return channel_of(redis_url, f"bell:{bell}")
