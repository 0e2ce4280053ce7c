"""One turn of the engine: the call under lock, what it was before, what is ordered meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from config.extensions import db
from hotline.engine.snapshot import Snapshot
from hotline.models import Call, CallCommand, CallLeg, QueueEntry
from hotline.words import CallState

# Built once: it runs with nearly every event.
OF_A_CALL = (
    select(CallLeg, QueueEntry)
    .select_from(Call)
    .outerjoin(CallLeg, CallLeg.call_id == Call.id)
    .outerjoin(QueueEntry, (QueueEntry.call_id == Call.id) & QueueEntry.left_at.is_(None))
    .where(Call.id == bindparam("call"))
    .execution_options(populate_existing=True)
)
"""Its legs, each beside the one place in which it waits, if it does."""


@dataclass
class Turn:
    """`event_id`: the event this turn answers; without one, commands go through the provider's stream."""

    snapshot: Snapshot
    now: datetime
    event_id: int | None = None
    commands: list[CallCommand] = field(default_factory=list)
    state_before: CallState = CallState.ARRIVED
    somebody_idle: bool = False

    @property
    def call(self) -> Call:
        return self.snapshot.call


def lock_call(call_id: int, *, skip: bool = False) -> Call | None:
    """The call, locked to the end of the transaction and freshly read; None if gone, or with `skip` taken."""
    wanted = select(Call).where(Call.id == call_id).with_for_update(skip_locked=skip)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def load(call: Call) -> Snapshot:
    """Everything known of a locked call."""
    rows = db.session.execute(OF_A_CALL, {"call": call.id}).all()
    return Snapshot(call, {leg.key: leg for leg, _entry in rows if leg is not None}, rows[0][1])


def keep(snapshot: Snapshot) -> None:
    """Put legs that came into being into the database with the rest."""
    for leg in snapshot.legs.values():
        if leg.call_id is None:
            leg.call_id = snapshot.call.id
            db.session.add(leg)
