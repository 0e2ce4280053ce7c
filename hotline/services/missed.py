"""Who gave up waiting is called back: one task per number, three attempts, then a text (domain § 2, missed calls).

A short wait is no missed call: below five seconds people have misdialled. Who gets through by themselves within half an
hour is owed nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.crypto import blind_index
from config.errors import Conflict, Invalid, NotFound
from config.extensions import db
from config.live import tell
from config.periodic import periodic
from config.timers import timer_handler
from config.transaction import transactional
from hotline import signals
from hotline.engine.derive import was_tried
from hotline.models import Call, KeptPlace, MissedCall, Voicemail
from hotline.services import queue_callback, texts
from hotline.services.in_call import place_call
from hotline.services.introduce import readable
from hotline.services.owed import was_taken_at_the_fallback
from hotline.services.turn import load
from hotline.words import Direction, MissedReason, MissedState

_THIS = Call.id == bindparam("call")
OWED = select(
    exists().where(_THIS, MissedCall.number_index == Call.caller_index, MissedCall.closed_at.is_(None)),
    exists().where(_THIS, KeptPlace.number_index == Call.caller_index, KeptPlace.closed_at.is_(None)),
)
PAUSES = (timedelta(minutes=30), timedelta(hours=2))
"""After the first and the second attempt in vain; the third is the last."""
NOT_TRIED_AGAIN = timedelta(minutes=1)
"""After a call that never rang at the citizen's."""


@timer_handler("hotline.missed")
def owe_a_call(key: str, _payload: dict[str, Any]) -> None:
    """Make the task, or count once more on the one there is."""
    call = db.session.get(Call, int(key))
    if call is None or call.caller_number is None or call.caller_index is None or call.ended_at is None:
        return
    through = exists().where(
        Call.caller_index == call.caller_index,
        Call.answered_at >= call.ended_at,
    )
    spoke = exists().where(Voicemail.call_id == call.id)
    promised = exists().where(KeptPlace.number_index == call.caller_index, KeptPlace.closed_at.is_(None))
    if db.session.scalar(select(or_(through, spoke, promised, was_taken_at_the_fallback(call)))):
        return
    table = MissedCall
    row = insert(MissedCall).values(
        number=call.caller_number,
        number_index=call.caller_index,
        queue_id=call.queue_id,
        times=1,
        first_missed_at=call.ended_at,
        last_missed_at=call.ended_at,
        due_at=clock.now(),
        attempts=0,
        state=MissedState.OPEN,
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["number_index"],
            index_where=table.closed_at.is_(None),
            set_={"times": table.times + 1, "last_missed_at": call.ended_at, "queue_id": call.queue_id},
        )
    )
    _tell_desk(1)


@transactional
def call_back(person: Person, number: int) -> Call:
    """Call this citizen now: first the agent's telephone rings, then theirs. Conflict names who was quicker."""
    ensure(person, "missed:call")
    task = db.session.scalars(
        select(MissedCall).where(MissedCall.id == number).with_for_update()
    ).one_or_none()
    if task is None:
        raise NotFound(_("There is no such missed call."))
    if task.closed_at is not None:
        raise Conflict(_("This missed call is settled: %(state)s", state=task.state.label))
    if task.attempt_call_id is not None:
        name = task.attempt_by.name if task.attempt_by else ""
        raise Conflict(_("%(name)s is calling this number just now.", name=name), by=name)
    call = place_call(person, task.number)
    task.attempts += 1
    task.attempt_call_id, task.attempt_by_id = call.id, person.id
    return call


@dataclass(frozen=True)
class Closed:
    """`calls` were closed; of `others` somebody was quicker, or calls them just now."""

    calls: int
    others: int


@transactional
def close_without_call(
    person: Person, numbers: Collection[int], reason: MissedReason, note: str = "", *, caller: str = ""
) -> Closed:
    """Close these, and everything that is owed to the number `caller`, without calling anybody.

    Each is closed once, whoever presses at the same time; whom somebody calls just now is left to them. Invalid if
    nothing is named, or if the reason is "something else" and nobody says what. NotFound if the number is owed nothing.
    """
    ensure(person, "missed:close")
    note, caller = note.strip()[:200], caller.strip()
    if reason is MissedReason.OTHER and not note:
        raise Invalid(fields={"note": _("Write down the reason.")})
    if not numbers and not caller:
        raise Invalid(fields={"number": _("Choose missed calls, or name a number.")})
    index = blind_index(readable(caller) or "") if caller else None
    wanted = or_(MissedCall.id.in_(numbers), MissedCall.number_index == index)
    # The place first: its call is locked before everything else, as everywhere.
    gave_up_place = index is not None and queue_callback.close(index)
    found = db.session.scalars(
        select(MissedCall)
        .where(wanted, MissedCall.closed_at.is_(None))
        .order_by(MissedCall.id)
        .with_for_update()
    ).all()
    if index is not None and not gave_up_place and all(task.number_index != index for task in found):
        raise NotFound(_("Nobody waits for a call at this number."))
    now, mine = clock.now(), [task for task in found if task.attempt_call_id is None]
    for task in mine:
        task.closed_by_id, task.reason, task.note = person.id, reason, note
        _close(task, MissedState.CLOSED, now)
    ids = [task.id for task in mine]
    detail = {"missed_calls": ids, "kept_place": gave_up_place, "reason": reason.value}
    if ids or gave_up_place:
        audit.record("missed:close", person, detail=detail)
    by_number = sum(task.number_index == index and task.id not in numbers for task in found)
    return Closed(len(mine) + gave_up_place, len(set(numbers)) + by_number - len(mine))


@transactional
def settle_by(call_id: int) -> None:
    """A talk with this number began, whoever called: nothing is owed any more."""
    owed = (
        select(MissedCall, Call.direction)
        .join(Call, Call.caller_index == MissedCall.number_index)
        .where(Call.id == call_id, MissedCall.closed_at.is_(None))
        .with_for_update(of=MissedCall)
    )
    if (found := db.session.execute(owed).one_or_none()) is not None:
        task, direction = found
        reached = direction is Direction.OUT
        _close(task, MissedState.REACHED if reached else MissedState.CAME_THROUGH, clock.now())


@transactional
def give_back(call_id: int) -> None:
    """An attempt ended. In vain: again later, or for the third time, no more."""
    task = db.session.scalars(
        select(MissedCall)
        .where(MissedCall.attempt_call_id == call_id, MissedCall.closed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if task is None:
        return
    now, call = clock.now(), db.session.get_one(Call, call_id)
    if not was_tried(load(call)):  # a dead trunk, or the agent hung up at once: that was no attempt
        task.attempts -= 1
        task.due_at, task.attempt_call_id = now + NOT_TRIED_AGAIN, None
        _tell_desk(0)
        return
    if task.attempts > len(PAUSES):
        _close(task, MissedState.NOT_REACHED, now)
        texts.not_reached(task.number)
        return
    task.due_at = now + PAUSES[task.attempts - 1]
    task.attempt_call_id = None
    _tell_desk(0)


def _close(task: MissedCall, state: MissedState, now: datetime) -> None:
    task.state, task.closed_at, task.attempt_call_id = state, now, None
    _tell_desk(-1)


def _tell_desk(delta: int) -> None:
    tell("desk:missed", "worklist", {"desk": "missed", "delta": delta})


@signals.call_answered.connect
@transactional
def _on_answered(_sender: Any, *, call_id: int, **_facts: Any) -> None:
    """One question for both that may be owed to this number: most often neither is."""
    missed, kept = db.session.execute(OWED, {"call": call_id}).one()
    if kept:  # first, as wherever both are locked
        queue_callback.settle_by(call_id)
    if missed:
        settle_by(call_id)


@signals.call_ended.connect
def _on_ended(_sender: Any, *, call_id: int, outgoing: bool, **_facts: Any) -> None:
    if outgoing:  # citizens' own calls are no attempts, and end far more often
        give_back(call_id)


@periodic("*/5 * * * *", "hotline.missed_sweep")
def sweep() -> int:
    """Attempts whose end nobody was told of, because a process died in between; how many."""
    over = (
        select(Call.id, Call.answered_at)
        .select_from(MissedCall)
        .join(Call, Call.id == MissedCall.attempt_call_id)
        .where(MissedCall.closed_at.is_(None), Call.ended_at.is_not(None))
    )
    found = list(db.session.execute(over))
    db.session.rollback()
    for call_id, answered_at in found:
        settle_by(call_id) if answered_at else give_back(call_id)
    return len(found)
