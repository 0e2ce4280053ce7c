"""Keep what is being typed, until it is saved or thrown away. It is its writer's alone, and no version of anything.

It lies in Redis and goes by itself after a while: what nobody saved in two weeks is no longer being typed. A page that
cannot reach us keeps its words in the browser (autosave.js), so a Redis that is away costs nothing but the place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from flask_babel import gettext as _

from accounts.models import Person
from config import clock
from config.errors import TooLarge
from config.extensions import redis_client

MOST = 2_000_000
"""Characters of a form as JSON: twice the longest body, escaped."""
KEPT = timedelta(days=14)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Typing:
    """The fields of a form by name, and when they were kept."""

    data: dict[str, Any]
    saved_at: datetime


def keep_typing(person: Person, key: str, data: Mapping[str, Any]) -> None:
    """Remember the fields of the form `key` (`new`, or an item's id) in place of what was remembered before."""
    text = json.dumps({"data": data, "saved_at": clock.now().isoformat()})
    if len(text) > MOST:
        raise TooLarge(_("This is larger than what we take."))
    redis_client().set(_place(person, key), text, ex=KEPT)


def typing_of(person: Person, key: str) -> Typing | None:
    """What this person was typing there, if they have not saved it."""
    try:
        kept = redis_client().get(_place(person, key))
    except redis.RedisError as error:  # then the editor opens with what is saved
        log.warning("typing_not_read", error=type(error).__name__)
        return None
    if kept is None:
        return None
    found = json.loads(kept)
    return Typing(found["data"], datetime.fromisoformat(found["saved_at"]))


def forget_typing(person: Person, key: str) -> None:
    """It was saved, or is not wanted."""
    try:
        redis_client().delete(_place(person, key))
    except redis.RedisError as error:
        log.warning("typing_not_forgotten", error=type(error).__name__)


def _place(person: Person, key: str) -> str:
    return f"knowledge:typing:{person.id}:{key[:20]}"
