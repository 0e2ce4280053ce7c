"""What the switch tells of seats' telephones."""

from __future__ import annotations

from sqlalchemy import update

from config.extensions import db
from config.transaction import after_commit
from hotline.models import Seat
from hotline.services import routing
from hotline.telephony.contract import EventMessage, EventType


def note(message: EventMessage) -> None:
    """A seat whose telephone is gone is rung no more until it is back."""
    online = message.type is EventType.SEAT_ONLINE
    db.session.execute(
        update(Seat)
        .where(Seat.number == message.seat, Seat.provider == message.provider)
        .values(online=online)
        .execution_options(synchronize_session=False)
    )
    if online:
        after_commit(routing.serve_waiting)
