"""What this floor does by itself: sealing and checking the trail, tidying sessions and counters."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import delete, update

from accounts.models import AddressAttempts, SignInSession
from accounts.queries import session_is_over
from accounts.services import checking, sealing
from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional

log = structlog.get_logger(__name__)
SESSIONS_KEPT = timedelta(days=180)


@periodic("* * * * *", name="accounts.seal_audit")
def seal_audit() -> None:
    """Seal what was recorded since."""
    sealing.seal_all()


@periodic("20 3 * * *", name="accounts.check_audit")
def check_audit() -> None:
    """Walk the whole chain each night; a break is an error in the log, which somebody is woken by."""
    checking.run_check(checking.begin_check(None).id)


def check_audit_now(check_id: int) -> None:
    """The check that somebody asked for on the page."""
    checking.run_check(check_id)


@periodic("*/10 * * * *", name="accounts.tidy")
@transactional
def tidy() -> None:
    """Sessions that ended by themselves say so; long past ones and forgotten counters go."""
    at = clock.now()
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.ended_at.is_(None), session_is_over())
        .values(ended_at=at, ended_why="unused")
    )
    db.session.execute(delete(SignInSession).where(SignInSession.ended_at < at - SESSIONS_KEPT))
    db.session.execute(delete(AddressAttempts).where(AddressAttempts.since < at - timedelta(days=1)))
