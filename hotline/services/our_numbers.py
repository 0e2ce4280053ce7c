"""The numbers people reach us by: a call that we send there comes in again, is sent there, comes in again …"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts.models import Department
from config.errors import Refused
from config.extensions import db
from hotline.models import Call, IvrNumber
from hotline.services.introduce import readable
from hotline.words import Direction

LATELY = 500
"""Calls looked at: nobody keeps a list of all numbers that lead here."""


def our_numbers() -> set[str]:
    """E.164, short ones as they are: dialled lately, leading to a flow, or once a department's own."""
    latest = (
        select(Call.dialled)
        .where(Call.direction == Direction.IN, Call.arrived_at.is_not(None), ~Call.led_elsewhere)
        .order_by(Call.arrived_at.desc())
        .limit(LATELY)
        .subquery()
    )
    former = select(func.unnest(Department.former_numbers)).where(Department.active)
    named = select(IvrNumber.number).union(select(latest.c.dialled), former)
    return {found for number in db.session.scalars(named) if (found := readable(number)) is not None}


def ensure_not_ours(number: str) -> None:
    """Refused for a number at which the hotline would ring itself: a call to it waits in our own queue."""
    if number in our_numbers():
        raise Refused(_("This number leads to the hotline itself."))
