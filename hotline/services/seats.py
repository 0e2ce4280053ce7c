"""Seats' telephones: on which switch they are, and what it tells of them."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from sqlalchemy import select, update

from config import clock
from config.extensions import db
from config.transaction import after_commit, transactional
from hotline.models import AgentPresence, Seat
from hotline.services import routing, softphone
from hotline.telephony.contract import EventMessage, EventType

log = structlog.get_logger(__name__)


def note(message: EventMessage) -> None:
    """A seat whose telephone is gone is rung no more until it is back. A switch keeps one registration per seat: if
    another telephone comes in its place, calls ring there, and who sits at the seat must know."""
    online = message.type is EventType.SEAT_ONLINE
    if message.contact is not None or not online:
        _note_contact(message, message.contact if online and message.contact else "")
    changed = db.session.execute(
        update(Seat)
        .where(Seat.number == message.seat, Seat.provider == message.provider, Seat.online.is_(not online))
        .values(online=online)
        .returning(Seat.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is not None and online:
        after_commit(routing.serve_waiting)


def _note_contact(message: EventMessage, contact: str) -> None:
    seat = db.session.scalars(
        select(Seat)
        .where(Seat.number == message.seat, Seat.provider == message.provider, Seat.contact != contact)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if seat is None:
        return
    before, seat.contact = seat.contact if seat.online else "", contact
    db.session.flush()
    if not contact:
        return
    presence = db.session.scalars(select(AgentPresence).where(AgentPresence.seat_id == seat.id)).one_or_none()
    if _is_another(seat, presence, before):
        seat.taken_times += 1
        seat.taken_at = clock.now()
        log.warning("seat_registered_twice", seat=seat.number, somebody_there=presence is not None)
        if presence is not None:
            softphone.tell_of_another(presence.agent_id)


def _is_another(seat: Seat, presence: AgentPresence | None, before: str) -> bool:
    """A browser registers under its name. A desk phone has none that we know: whoever comes while one is there is
    another, or the same one that lost its memory, of which its agent had better know too."""
    if not seat.in_browser:
        return before != ""
    return (
        presence is not None
        and presence.browser is not None
        and seat.contact.partition("@")[0] != presence.browser
    )


@transactional
def put_on(
    provider: str, numbers: Iterable[str], *, in_browser: bool = False, online: bool, kind: str = ""
) -> None:
    """Seats of these numbers on this provider's switch, made where there are none. `online` until it tells; `kind`: of
    an address that is not the number alone, `client` for `client:1001`."""
    for number in numbers:
        seat = db.session.scalars(select(Seat).where(Seat.number == number)).one_or_none()
        if seat is None:
            seat = Seat(number=number, site="")
            db.session.add(seat)
        seat.provider, seat.in_browser, seat.active, seat.online = provider, in_browser, True, online
        seat.address = f"{kind}:{number}" if kind else ""
