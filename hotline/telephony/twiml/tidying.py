"""What we know of a carrier's call is of no use when it is over: the hotline's own rows tell its story."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists, select

from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg, TwimlOrder

KEPT = timedelta(days=7)
"""Longer than a carrier repeats its news, and long enough to look into a complaint about the line."""
AT_ONCE = 50_000


@periodic("40 3 * * *", "twiml.tidy")
@transactional
def tidy() -> int:
    """Forget calls of which every leg is over, with their numbers; how many, at most 50,000 a night."""
    before = clock.now() - KEPT
    of_call = TwimlLeg.call_id == TwimlCall.id
    long_past = (
        select(TwimlCall.id)
        .where(TwimlCall.made_at < before, ~exists().where(of_call, TwimlLeg.ended_at.is_(None)))
        .order_by(TwimlCall.made_at)
        .limit(AT_ONCE)
    )
    numbers = list(db.session.scalars(long_past))
    for table, column in (
        (TwimlOrder, TwimlOrder.call_id),
        (TwimlLeg, TwimlLeg.call_id),
        (TwimlCall, TwimlCall.id),
    ):
        db.session.execute(delete(table).where(column.in_(numbers)))
    return len(numbers)
