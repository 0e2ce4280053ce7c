"""Failures by network address: a rest for whoever tries many accounts from one place."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert

from accounts.models import AddressAttempts
from config import clock
from config.extensions import db
from config.settings import settings

ADDRESS_FACTOR = 10
"""An office behind one address may err ten times as often as one person before everybody in it must wait."""


def rests(address: str) -> bool:
    """Whether sign-in from `address` must wait."""
    until = db.session.scalar(
        select(AddressAttempts.locked_until).where(AddressAttempts.address == address[:64])
    )
    return until is not None and until > clock.now()


def count_failure(address: str) -> bool:
    """One more failure from `address`; whether it rests from now on. An old count begins anew."""
    if not address:
        return False
    at, limits = clock.now(), settings()
    window = timedelta(minutes=limits.lockout_minutes)
    row = insert(AddressAttempts).values(address=address[:64], failures=1, since=at)
    counted = db.session.execute(
        row.on_conflict_do_update(
            index_elements=["address"],
            set_={
                "failures": case(
                    (AddressAttempts.since < at - window, 1), else_=AddressAttempts.failures + 1
                ),
                "since": case((AddressAttempts.since < at - window, at), else_=AddressAttempts.since),
            },
        ).returning(AddressAttempts.failures)
    ).scalar_one()
    if counted < limits.lockout_attempts * ADDRESS_FACTOR:
        return False
    db.session.execute(
        update(AddressAttempts)
        .where(AddressAttempts.address == address[:64])
        .values(failures=0, since=at, locked_until=at + window)
    )
    return True
