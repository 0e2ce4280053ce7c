"""“Ring me”: in the demonstration, ask the simulated city for a citizen who calls this very seat."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from redis.exceptions import RedisError

from accounts.models import Person
from accounts.permissions import ensure
from config.errors import NotFound, Refused
from config.extensions import db, redis_client
from config.settings import settings
from hotline.models import AgentPresence
from hotline.words import AgentState

REQUESTS = "telephony:simulator:requests"


def ring_me(person: Person) -> None:
    """The call arrives like any other, by the signed webhook, and prefers the person's seat."""
    ensure(person, "call:take")
    if not settings().demo:
        raise NotFound(_("There is no such page."))
    presence = db.session.query(AgentPresence).filter_by(agent_id=person.id).one_or_none()
    if presence is None or presence.seat is None:
        raise Refused(_("Sign on at a seat first."))
    if presence.state is not AgentState.IDLE:
        raise Refused(_("You can be rung only while you are idle."))
    asked: dict[Any, Any] = {"kind": "ring_me", "agent": str(person.id), "seat": presence.seat.number}
    try:
        redis_client().xadd(REQUESTS, asked, maxlen=1000)
    except (RedisError, OSError) as error:
        raise Refused(_("The simulator cannot be reached right now.")) from error
