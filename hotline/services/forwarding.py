"""Forwarding 呼叫转移: calls for an agent ring another number, at home or in the field, instead of their seat."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config.errors import Refused
from config.extensions import db
from config.live import tell
from config.phones import mask_phone, normalise_phone
from config.transaction import after_commit, transactional
from hotline.models import AgentPresence, Call, IvrNumber
from hotline.services import routing
from hotline.services.emergency import NUMBERS
from hotline.services.introduce import readable
from hotline.services.presence import facts, lock_presence
from hotline.words import AgentState, Direction

LATELY = 500
"""Calls looked at to know the numbers people reach us by: nobody keeps a list of them."""


@transactional
def forward_calls(person: Person, number: str) -> AgentPresence:
    """From the next ring on, until they sign off; an empty number ends it. Invalid if it is none."""
    ensure(person, "call:take")
    presence = lock_presence(person.id)
    if presence is None or presence.state is AgentState.SIGNED_OUT:
        raise Refused(_("Sign on at a seat first."))
    wanted = normalise_phone(number) if number.strip() else None
    if wanted in NUMBERS:
        raise Refused(_("Calls are not forwarded to an emergency number."))
    if wanted is not None and wanted in _our_numbers():
        raise Refused(_("Calls are not forwarded to the hotline itself."))
    presence.forwards_to = wanted
    audit.record(
        "agent:forward", person, subject=("person", person.id), detail={"to": mask_phone(wanted or "")}
    )
    told = facts(presence)
    tell(f"person:{person.id}", "presence", told)
    tell("floor", "seat", told)
    after_commit(routing.serve_waiting)  # a seat without its telephone can be rung now
    return presence


def _our_numbers() -> set[str | None]:
    """Where a forwarded call would come in again, wait for an agent, be forwarded, come in again …"""
    latest = (
        select(Call.dialled)
        .where(Call.direction == Direction.IN, Call.arrived_at.is_not(None), ~Call.led_elsewhere)
        .order_by(Call.arrived_at.desc())
        .limit(LATELY)
        .subquery()
    )
    named = select(IvrNumber.number).union(select(latest.c.dialled))
    return {readable(number) for number in db.session.scalars(named)}
