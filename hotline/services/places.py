"""A place in a queue as a row: given and closed."""

from __future__ import annotations

from datetime import datetime

from config.extensions import db
from hotline import signals
from hotline.models import CallQueue, QueueEntry
from hotline.services import holding
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType
from hotline.words import QueueExit


def give(
    turn: Turn, queue: CallQueue, joined_at: datetime, waiting_since: datetime, *, returned: bool = False
) -> QueueEntry:
    """Wait in this queue from now on, by the turn that began at `waiting_since`."""
    turn.call.queue, turn.call.queue_id = queue, queue.id
    turn.call.asks_rating = queue.survey
    place = entry(turn, queue, joined_at, waiting_since=waiting_since, returned=returned)
    turn.snapshot.entry = place
    db.session.add(place)
    signals.tell_after_commit(signals.queue_changed, queue_id=queue.id)
    return place


def play_music(turn: Turn, queue: CallQueue) -> None:
    """So that the caller knows that they wait."""
    citizen = turn.snapshot.citizen
    if citizen is not None and citizen.is_live:
        order(turn, CommandType.QUEUE, leg=citizen.key, music=queue.music)
        holding.ended_by_itself(turn, citizen)


def close(turn: Turn, place: QueueEntry, left_at: datetime | None, exit_: QueueExit) -> None:
    """Nobody waits in this place any more."""
    place.left_at, place.exit, place.offered = left_at or turn.now, exit_, False
    turn.snapshot.entry = None
    signals.tell_after_commit(signals.queue_changed, queue_id=place.queue_id)


def entry(
    turn: Turn,
    queue: CallQueue,
    joined_at: datetime,
    *,
    waiting_since: datetime | None = None,
    returned: bool = False,
    left_at: datetime | None = None,
    exit: QueueExit | None = None,
) -> QueueEntry:
    """The row, not yet in the session."""
    return QueueEntry(
        call_id=turn.call.id,
        queue_id=queue.id,
        priority=turn.call.priority + queue.priority,
        joined_at=joined_at,
        waiting_since=waiting_since or joined_at,
        offered=False,
        returned=returned,
        left_at=left_at,
        exit=exit,
    )
