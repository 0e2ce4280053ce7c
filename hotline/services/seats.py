"""Seats' telephones: on which switch they are, and what it tells of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from config.extensions import db
from config.transaction import after_commit, transactional
from hotline.models import Seat
from hotline.services import routing
from hotline.telephony.contract import EventMessage, EventType


def note(message: EventMessage) -> None:
    """A seat whose telephone is gone is rung no more until it is back."""
    online = message.type is EventType.SEAT_ONLINE
    changed = db.session.execute(
        update(Seat)
        .where(Seat.number == message.seat, Seat.provider == message.provider, Seat.online.is_(not online))
        .values(online=online)
        .returning(Seat.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is not None and online:
        after_commit(routing.serve_waiting)


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
