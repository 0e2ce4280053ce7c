"""Called back without losing the place (domain § 2): the caller hangs up, an outgoing call waits for them.

That call is like any other: it has its turn by the time waited so far, an agent is claimed and rung for it, and when
they pick up the citizen is dialled. In vain, it is tried again after a while; so often as the queue says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from config import clock
from config.extensions import db
from config.timers import set_timer, timer_handler
from config.transaction import after_commit, transactional
from hotline import prompts
from hotline.engine.derive import in_hand, was_tried
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.engine.waiting import LOOK_AGAIN_EVERY
from hotline.models import Call, CallQueue, KeptPlace, QueueEntry
from hotline.services import places, routing, texts
from hotline.services.orders import order
from hotline.services.queues import default_queue
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType
from hotline.words import CallState, Direction, KeptPlaceState, QueueExit

AGAIN_AFTER = timedelta(minutes=5)
KEY_WAIT = 5


def offer(turn: Turn) -> None:
    """Ask whether they would rather be called back. The key is a fact of its own (`facts`)."""
    citizen = turn.snapshot.citizen
    assert citizen is not None
    order(
        turn, CommandType.GATHER, leg=citizen.key, prompt=prompts.CALLBACK_OFFER, max=1, timeout=KEY_WAIT
    )  # fmt: skip


def take(turn: Turn) -> None:
    """They would: the place is kept, and they hear that they may hang up (`decide`). For a menu of its own."""
    turn.call.callback_at = turn.call.callback_at or turn.now


def keep(turn: Turn) -> None:
    """Write the promise down; a number that has one already keeps that place."""
    call = turn.call
    call.callback_kept_at = turn.now
    entry = _last_place(call)
    if call.caller_number is None or call.caller_index is None:
        return
    row = insert(KeptPlace).values(
        number=call.caller_number,
        number_index=call.caller_index,
        queue_id=call.queue_id or default_queue().id,
        call_id=call.id,
        taken_at=call.callback_at,
        waiting_since=entry.waiting_since if entry is not None else call.callback_at,
        priority=entry.priority if entry is not None else call.priority,
        attempts=0,
        due_at=turn.now,
        state=KeptPlaceState.WAITING,
    )
    number = db.session.scalar(row.on_conflict_do_nothing().returning(KeptPlace.id))
    if number is not None:
        _stand_in(db.session.get_one(KeptPlace, number))


def turn_over(turn: Turn, *, reached: bool) -> None:
    """The call that stood in has left the queue: the citizen is on the line, or was not to be had."""
    kept = db.session.scalars(
        select(KeptPlace)
        .where(KeptPlace.attempt_call_id == turn.call.id, KeptPlace.closed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if kept is None:
        return
    kept.attempts += reached or was_tried(turn.snapshot)
    if reached:
        _close(kept, KeptPlaceState.REACHED)
    elif kept.attempts >= kept.queue.callback_attempts:
        _close(kept, KeptPlaceState.NOT_REACHED)
        texts.not_reached(kept.number)
    else:
        kept.due_at = turn.now + AGAIN_AFTER
        set_timer("hotline.callback", kept.id, kept.due_at)


@timer_handler("hotline.callback")
def try_again(key: str, _payload: dict[str, Any]) -> None:
    """After an attempt in vain: again in the old place."""
    kept = db.session.scalars(
        select(KeptPlace).where(KeptPlace.id == int(key), KeptPlace.closed_at.is_(None)).with_for_update()
    ).one_or_none()
    if kept is None:
        return
    if kept.waiting_since + timedelta(hours=kept.queue.callback_hours) > clock.now():
        _stand_in(kept)
    else:
        _give_up(kept)


def expire(turn: Turn) -> bool:
    """The place was kept for as long as the queue keeps one, and nobody came by: it is for a person to call then."""
    kept = db.session.scalars(
        select(KeptPlace)
        .where(KeptPlace.attempt_call_id == turn.call.id, KeptPlace.closed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if kept is not None:
        _give_up(kept)
        db.session.flush()
    turn.call.hung_up_at = turn.now
    return True


@transactional
def settle_by(call_id: int) -> None:
    """The citizen got through in another call: nobody need call them any more."""
    kept = db.session.scalars(
        select(KeptPlace)
        .join(Call, Call.caller_index == KeptPlace.number_index)
        .where(Call.id == call_id, KeptPlace.closed_at.is_(None))
    ).one_or_none()
    if kept is None or kept.attempt_call_id in (None, call_id):
        return
    _give_back(kept, KeptPlaceState.CAME_THROUGH)


def close(number_index: str) -> bool:
    """Somebody of ours says that nobody need call this number any more; whether a place was kept for it."""
    kept = db.session.scalars(
        select(KeptPlace).where(KeptPlace.number_index == number_index, KeptPlace.closed_at.is_(None))
    ).one_or_none()
    return kept is not None and _give_back(kept, KeptPlaceState.CLOSED)


def _give_back(kept: KeptPlace, state: KeptPlaceState) -> bool:
    """Give the place up, unless somebody else has; a call that an agent has in hand goes on."""
    from hotline.services.settle import settle

    attempt = lock_call(kept.attempt_call_id) if kept.attempt_call_id is not None else None
    db.session.refresh(kept, with_for_update=True)
    if kept.closed_at is not None:
        return False
    _close(kept, state)
    if attempt is not None and attempt.ended_at is None:
        snapshot = load(attempt)
        if not in_hand(snapshot):
            attempt.hung_up_at = clock.now()
            settle(snapshot)
    return True


def _give_up(kept: KeptPlace) -> None:
    """Nobody is forgotten: the missed call in which they took the callback becomes a task."""
    _close(kept, KeptPlaceState.EXPIRED)
    set_timer("hotline.missed", kept.call_id, clock.now())


def _close(kept: KeptPlace, state: KeptPlaceState) -> None:
    kept.state, kept.closed_at = state, clock.now()


def _last_place(call: Call) -> QueueEntry | None:
    """Where the caller waited; that they hung up before we heard of the key does not count against them."""
    db.session.flush()
    wanted = select(QueueEntry).where(QueueEntry.call_id == call.id).order_by(QueueEntry.id.desc()).limit(1)
    entry = db.session.scalars(wanted).one_or_none()
    if entry is not None and entry.exit is QueueExit.ABANDONED:
        entry.exit = QueueExit.CALLBACK
    return entry


def _stand_in(kept: KeptPlace) -> None:
    """The outgoing call that waits in the citizen's place."""
    from hotline.services.receive import new_call_no

    now, first = clock.now(), kept.call
    call_no = new_call_no(now)
    call = blank_call(first.provider, call_no, call_no, now)
    call.direction, call.state, call.arrived_at = Direction.OUT, CallState.QUEUED, now
    call.caller_number, call.caller_index = kept.number, kept.number_index
    call.place_since, call.priority = kept.waiting_since, first.priority
    call.preferred_agent_id = first.preferred_agent_id
    queue = db.session.get_one(CallQueue, kept.queue_id)
    call.queue_id, call.asks_rating = queue.id, queue.survey
    db.session.add(call)
    db.session.flush()
    place = places.give(Turn(Snapshot(call), now), queue, now, kept.waiting_since)
    place.priority = kept.priority
    kept.attempt_call_id = call.id
    set_timer("hotline.waiting", call.id, now + LOOK_AGAIN_EVERY)
    after_commit(routing.serve_waiting)
