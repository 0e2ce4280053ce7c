"""A caller's place in a queue: given, kept through rings in vain, left."""

from __future__ import annotations

from config.extensions import db
from config.timers import set_timer
from hotline import prompts, signals
from hotline.engine import decisions as do
from hotline.engine.derive import attended_at, stands_in, waited_until
from hotline.models import CallQueue, QueueEntry
from hotline.services import admission, goodbye, places, queue_callback, voicemail
from hotline.services.queues import queue_named
from hotline.services.turn import Turn
from hotline.words import COMES_AGAIN_WITHIN, SHORT_ABANDON_SECONDS, OtherWay, QueueExit

OWED = frozenset({QueueExit.ABANDONED, QueueExit.FAILED, QueueExit.OVERFLOWED})
"""Who left so got nothing for their waiting, whether they hung up or we did, after an announcement that nobody
comes. Who was asked for a message has yet to leave one (`telling`)."""


def enqueue(turn: Turn, _decision: do.Enqueue) -> None:
    """The queue chosen, or the one it sends them on to; or they hear why not. An agent's transfer is always taken."""
    call = turn.call
    joined_at = call.requeued_at or call.asked_at
    assert joined_at is not None
    way = OtherWay.WAIT
    if call.queue_id is not None:
        queue = call.queue or db.session.get_one(CallQueue, call.queue_id)
    else:
        queue = queue_named(call.asked_queue)
    if call.requeued_at is None:
        queue, way, passed = admission.admit(queue, turn.now)
        for one in passed:
            db.session.add(places.entry(turn, one, joined_at, left_at=joined_at, exit=QueueExit.OVERFLOWED))
    places.give(turn, queue, joined_at, joined_at, returned=call.requeued_at is not None)
    if way is OtherWay.WAIT:
        places.play_music(turn, queue)
    elif way is OtherWay.VOICEMAIL:
        voicemail.begin(turn, joined_at)
    else:
        prompt = prompts.BUSY if admission.is_open(queue, turn.now) else prompts.CLOSED
        goodbye.say(turn, prompt, joined_at)


def move_on(turn: Turn) -> bool:
    """From the queue where they waited too long to the next that takes them, with the time waited so far; False if
    there is none."""
    entry, queue = turn.snapshot.entry, turn.call.queue
    assert entry is not None
    assert queue is not None
    if queue.next_queue is None or not queue.next_queue.active:
        return False
    following, way, _passed = admission.admit(queue.next_queue, turn.now)
    if way is not OtherWay.WAIT or following is queue:
        return False
    places.close(turn, entry, turn.now, QueueExit.OVERFLOWED)
    db.session.flush()  # one open place at most
    new = places.give(turn, following, turn.now, entry.waiting_since, returned=entry.returned)
    new.callback_offered_at = entry.callback_offered_at
    if following.music != queue.music:
        places.play_music(turn, following)
    return True


def put_back(turn: Turn, _decision: do.PutBack) -> None:
    """A ring came to nothing: before all others."""
    entry = turn.snapshot.entry
    assert entry is not None
    entry.offered, entry.returned = False, True
    signals.tell_after_commit(signals.queue_changed, queue_id=entry.queue_id)


def leave(turn: Turn, decision: do.LeaveQueue) -> None:
    """The wait is over."""
    entry, snapshot = turn.snapshot.entry, turn.snapshot
    assert entry is not None
    places.close(
        turn, entry, attended_at(snapshot) or waited_until(snapshot) or snapshot.call.ended_at, decision.exit
    )
    if stands_in(turn.call):
        queue_callback.turn_over(turn, reached=decision.exit is QueueExit.ANSWERED)
    elif decision.exit in OWED:
        _perhaps_missed(turn, entry)


def _perhaps_missed(turn: Turn, entry: QueueEntry) -> None:
    """Who waited in earnest and in vain: in half an hour it is seen whether they got through. Whom a closed or full
    queue did not let in has not waited."""
    if turn.call.caller_index is None or entry.left_at is None:
        return
    if (entry.left_at - entry.waiting_since).total_seconds() >= SHORT_ABANDON_SECONDS:
        set_timer("hotline.missed", turn.call.id, entry.left_at + COMES_AGAIN_WITHIN)
