"""Forwarding 呼叫转移: calls for an agent ring another number, at home or in the field, instead of their seat."""

from __future__ import annotations

from flask_babel import gettext as _

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config.errors import Refused
from config.live import tell
from config.phones import mask_phone, normalise_phone
from config.transaction import after_commit, transactional
from hotline.models import AgentPresence
from hotline.services import failed_rings, routing
from hotline.services.emergency import NUMBERS
from hotline.services.our_numbers import our_numbers
from hotline.services.presence import facts, lock_presence
from hotline.words import AgentState


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
    if wanted is not None and wanted in our_numbers():
        raise Refused(_("Calls are not forwarded to the hotline itself."))
    if presence.forwards_to != wanted:
        failed_rings.forget(presence)  # those were of another telephone
    presence.forwards_to = wanted
    audit.record(
        "agent:forward", person, subject=("person", person.id), detail={"to": mask_phone(wanted or "")}
    )
    told = facts(presence)
    tell(f"person:{person.id}", "presence", told)
    tell("floor", "seat", told)
    after_commit(routing.serve_waiting)  # a seat without its telephone can be rung now
    return presence
