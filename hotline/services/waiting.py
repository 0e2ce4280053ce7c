"""Somebody waits: announcements, the offer to call back, overflow, and the other way where nobody is at work.

One timer row per waiting caller; every look sets the next one, so whoever is killed in between, somebody looks again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from config import clock
from config.extensions import db
from config.timers import set_timer, timer_handler
from config.transaction import after_commit
from hotline import prompts
from hotline.engine.derive import in_hand, stands_in
from hotline.engine.waiting import LOOK_AGAIN_EVERY, Rules, Step, Wait, due, next_look
from hotline.models import Call, CallQueue, QueueEntry
from hotline.queries.waiting import expectation, somebody_on_duty
from hotline.services import announcing, goodbye, orders, queue_callback, queueing, routing, voicemail
from hotline.services.turn import Turn, load, lock_call
from hotline.words import OtherWay

WHILE_RINGING = timedelta(seconds=3)


def watch(turn: Turn, queue: CallQueue) -> None:
    """An agent was looked for in vain, for the first time in this queue: write down what is expected, look again."""
    entry = turn.snapshot.entry
    assert entry is not None
    if entry.watched_at is not None:
        return
    entry.watched_at = turn.now
    if not stands_in(turn.call):
        entry.estimated_seconds = expectation(entry, queue, turn.call.id)[1]
    look_at = next_look(_wait(entry, turn.call), _rules(queue), turn.now)
    set_timer("hotline.waiting", turn.call.id, look_at)


@timer_handler("hotline.waiting")
def look_after(key: str, _payload: dict[str, Any]) -> None:
    """Whatever is due now. A telephone that rings for the caller comes first."""
    found = db.session.execute(
        select(QueueEntry, Call)
        .join(Call, Call.id == QueueEntry.call_id)
        .where(QueueEntry.call_id == int(key), QueueEntry.left_at.is_(None))
    ).one_or_none()
    if found is None:
        return
    entry, call = found
    now = clock.now()
    look_at = now + (WHILE_RINGING if entry.offered else LOOK_AGAIN_EVERY)
    if not entry.offered:
        if due(_wait(entry, call), _rules(entry.queue), now):
            _do_what_is_due(int(key))
        look_at = next_look(_wait(entry, call), _rules(entry.queue), now)
    set_timer("hotline.waiting", key, look_at)
    after_commit(routing.serve_waiting)


def _do_what_is_due(call_id: int) -> None:
    """Under the call's lock it is seen whether all still is as it was."""
    from hotline.services.settle import settle

    call = lock_call(call_id)
    if call is None:
        return
    snapshot = load(call)
    entry = snapshot.entry
    somebody_waits = snapshot.citizen is not None or call.place_since is not None
    if entry is None or entry.offered or in_hand(snapshot) or not somebody_waits:
        return
    turn = Turn(snapshot, clock.now(), state_before=call.state)
    moved = any(_take(step, turn) for step in due(_wait(entry, call), _rules(entry.queue), turn.now))
    orders.dispatch(turn)
    if moved:
        settle(snapshot)


def _take(step: Step, turn: Turn) -> bool:
    """Do it. True if they do not wait here any more, and nothing else is due."""
    entry = turn.snapshot.entry
    assert entry is not None
    if step is Step.EXPIRE:
        return queue_callback.expire(turn)
    if step is Step.NOBODY:
        return not somebody_on_duty(entry.queue) and _other_way(turn, entry.queue)
    if step is Step.OVERFLOW:
        return queueing.move_on(turn)
    if step is Step.OFFER:
        entry.callback_offered_at = turn.now
        queue_callback.offer(turn)
    else:
        entry.announced_at = turn.now
        ahead, _seconds = expectation(entry, entry.queue, turn.call.id)
        announcing.announce(turn, ahead, _seconds)
    return False


def _other_way(turn: Turn, queue: CallQueue) -> bool:
    """Nobody is at work: what the queue says is done then."""
    if queue.when_nobody is OtherWay.TURN_AWAY:
        goodbye.say(turn, prompts.CLOSED)
    elif queue.when_nobody is OtherWay.VOICEMAIL or _nobody_along(queue) or not queueing.move_on(turn):
        voicemail.begin(turn)
    return True


def _nobody_along(queue: CallQueue) -> bool:
    """Whether the queues to which it sends callers on come round to where they have been, and nobody works at any: they
    would go round and hear music for ever."""
    passed: list[CallQueue] = []
    following: CallQueue | None = queue
    while following is not None and following.active and following.when_nobody is OtherWay.NEXT_QUEUE:
        if following in passed:
            return True
        if following is not queue and somebody_on_duty(following):
            return False
        passed.append(following)
        following = following.next_queue
    return False


def _wait(entry: QueueEntry, call: Call) -> Wait:
    return Wait(
        entry.joined_at,
        entry.waiting_since,
        entry.announced_at,
        entry.callback_offered_at,
        can_be_called=call.caller_index is not None,
        is_kept=stands_in(call),
    )


def _rules(queue: CallQueue) -> Rules:
    return Rules(
        announce_every=queue.announce_every,
        callback_after=queue.callback_after,
        overflow_after=queue.overflow_after,
        nobody_after=queue.nobody_after,
        nobody_waits=queue.when_nobody is OtherWay.WAIT,
        has_next=queue.next_queue_id is not None,
        place_hours=queue.callback_hours,
    )
