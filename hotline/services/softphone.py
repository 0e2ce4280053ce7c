"""The telephone in the browser: which browser it is, what it registers with, and when it does not work."""

from __future__ import annotations

from typing import Any

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config.errors import Conflict, Refused
from config.extensions import db
from config.live import tell
from config.settings import settings
from config.transaction import transactional
from hotline.models import AgentPresence, Seat
from hotline.services.agents import become_not_ready, lock_with_call
from hotline.services.presence import lock_presence
from hotline.words import VOICE_GRADES, AgentState, NotReadyReason, TelephoneTrouble

log = structlog.get_logger(__name__)


@transactional
def take_telephone(person: Person, browser: str, *, from_another: bool = False) -> dict[str, Any]:
    """What this browser registers with as the telephone of the person's seat; every time is in the audit trail.

    `browser` is a name it gave itself. While another one is the telephone and connected, Conflict, unless
    `from_another`: then that one is told to be silent.
    """
    ensure(person, "call:take")
    presence = lock_presence(person.id)
    if presence is None or presence.seat is None or not presence.seat.in_browser:
        raise Refused(_("You do not sit at a seat whose telephone is the browser."))
    seat = presence.seat
    if not settings().softphone_url or not seat.secret:
        raise Refused(_("No telephone in the browser is set up for seat %(number)s.", number=seat.number))
    is_taken = presence.browser is not None and presence.browser != browser
    if is_taken and seat.online and not from_another:
        raise Conflict(_("Your telephone is in another browser."), where="another-browser")
    presence.browser = browser
    audit.record("seat:take_telephone", person, subject=("seat", seat.id), detail={"from_another": is_taken})
    tell(f"person:{person.id}", "telephone", {"browser": browser, "from_another": is_taken})
    return {**_registration(seat), "grades": [[least, word.value] for least, word in VOICE_GRADES]}


def _registration(seat: Seat) -> dict[str, Any]:
    found = settings()
    stuns = [one for one in found.softphone_ice.split() if one.startswith("stun")]
    turns = [one for one in found.softphone_ice.split() if one.startswith("turn")]
    proof = {"username": found.softphone_turn_user, "credential": found.softphone_turn_password}
    servers = ([{"urls": stuns}] if stuns else []) + ([{"urls": turns, **proof}] if turns else [])
    return {"url": found.softphone_url, "seat": seat.number, "password": seat.secret, "ice": servers}


@transactional
def report_trouble(person: Person, trouble: TelephoneTrouble) -> None:
    """The telephone in the browser does not work: no more calls until its owner has mended it. In a call the break
    begins after the wrap-up. Counted by the agent's history and the log."""
    ensure(person, "call:take")
    presence = _at_a_browser_seat(person)
    log.warning("softphone_trouble", kind=trouble.value, person=person.id, seat=presence.seat_id)
    if presence.state is AgentState.NOT_READY and presence.reason is not NotReadyReason.NO_TELEPHONE:
        return  # a break is a break; what does not work will be seen after it
    if presence.reason is not NotReadyReason.NO_TELEPHONE:
        become_not_ready(person, NotReadyReason.NO_TELEPHONE)


def tell_of_another(agent_id: int) -> None:
    """Another telephone has registered as this person's seat: calls would ring there. Whose telephone is the browser
    takes none until they have taken it back; a desk phone nobody here can mend, so its agent is told."""
    presence = lock_with_call(agent_id)  # the call first, as everywhere: its events wait for its agent
    if presence is None or presence.seat is None:
        return
    tell(
        f"person:{agent_id}",
        "telephone",
        {"browser": presence.browser, "from_another": False, "taken": presence.seat.number},
    )
    if presence.seat.in_browser:
        report_trouble(presence.agent, TelephoneTrouble.TAKEN)


def _at_a_browser_seat(person: Person) -> AgentPresence:
    found = select(AgentPresence).where(AgentPresence.agent_id == person.id)
    presence = db.session.scalars(found).one_or_none()
    if presence is None or presence.seat is None or not presence.seat.in_browser:
        raise Refused(_("You do not sit at a seat whose telephone is the browser."))
    return presence
