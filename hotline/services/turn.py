"""One turn of the engine: the call under lock, what it was before, what is ordered meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from config.extensions import db
from hotline.engine.snapshot import Snapshot
from hotline.models import Call, CallCommand, CallLeg, QueueEntry
from hotline.words import CallState

# Built once: these run with nearly every event.
LEGS = select(CallLeg).where(CallLeg.call_id == bindparam("call")).execution_options(populate_existing=True)
OPEN_ENTRY = (
    select(QueueEntry)
    .where(QueueEntry.call_id == bindparam("call"), QueueEntry.left_at.is_(None))
    .execution_options(populate_existing=True)
)


@dataclass
class Turn:
    """`event_id`: the event this turn answers; without one, commands go through the provider's stream."""

    snapshot: Snapshot
    now: datetime
    event_id: int | None = None
    commands: list[CallCommand] = field(default_factory=list)
    state_before: CallState = CallState.ARRIVED
    held_before: bool = False
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
    legs = db.session.scalars(LEGS, {"call": call.id})
    entry = None
    waits = call.answered_at is None or call.requeued_at is not None
    if call.queue_id is not None and call.ended_at is None and waits:
        entry = db.session.scalars(OPEN_ENTRY, {"call": call.id}).one_or_none()
    return Snapshot(call, {leg.key: leg for leg in legs}, entry)


def keep(snapshot: Snapshot) -> None:
    """Put legs that came into being into the database with the rest."""
    for leg in snapshot.legs.values():
        if leg.call_id is None:
            leg.call_id = snapshot.call.id
            db.session.add(leg)
