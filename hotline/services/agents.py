"""What an agent does about their own state: sign on and off, be ready, take a break, wrap up."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, NotFound, Refused
from config.extensions import db
from config.settings import settings
from config.timers import set_timer
from config.transaction import after_commit, transactional
from hotline.models import AgentPresence, Seat
from hotline.services import failed_rings, routing
from hotline.services.presence import change, lock_presence
from hotline.services.queues import ensure_some_skill
from hotline.services.turn import lock_call
from hotline.words import IN_CALL_STATES, AgentState, NotReadyReason

EXTENSION = timedelta(seconds=60)
LONGEST_WRAP_UP = timedelta(minutes=10)


@transactional
def sign_on(person: Person, seat_number: str) -> AgentPresence:
    """Sit down at a seat, ready for calls. Conflict if somebody else sits there."""
    ensure(person, "call:take")
    seat = db.session.scalars(
        select(Seat).where(Seat.number == seat_number.strip(), Seat.active).with_for_update()
    ).one_or_none()
    if seat is None:
        raise NotFound(_("There is no seat %(number)s.", number=seat_number))
    taken = db.session.scalars(
        select(AgentPresence).where(AgentPresence.seat_id == seat.id, AgentPresence.agent_id != person.id)
    ).one_or_none()
    if taken is not None:
        raise Conflict(
            _("%(name)s sits at seat %(number)s.", name=taken.agent.name, number=seat.number),
            by=taken.agent.name,
        )
    if seat.in_browser and not settings().softphone_url:
        raise Refused(_("No telephone in the browser is set up for seat %(number)s.", number=seat.number))
    _make_row(person.id)
    presence = lock_with_call(person.id)
    assert presence is not None
    if presence.state in IN_CALL_STATES:
        raise Refused(_("You are in a call."))
    ensure_some_skill(person.id)
    if presence.seat_id != seat.id:
        presence.browser = None
    close_wrap_up(presence, clock.now())
    presence.seat, presence.next_reason = seat, None
    failed_rings.forget(presence)
    change(presence, AgentState.IDLE, clock.now())
    after_commit(routing.serve_waiting)
    return presence


@transactional
def sign_off(person: Person) -> AgentPresence | None:
    """Leave the seat. Not in the middle of a call."""
    presence = lock_with_call(person.id)
    if presence is None or presence.state is AgentState.SIGNED_OUT:
        return presence
    if presence.state in IN_CALL_STATES:
        raise Refused(_("You are in a call."))
    close_wrap_up(presence, clock.now())
    change(presence, AgentState.SIGNED_OUT, clock.now())
    return presence


@transactional
def become_idle(person: Person) -> AgentPresence:
    """Ready for the next call; from a wrap-up, the wrap-up is over. In a call: takes back a break asked for."""
    presence = _on_duty(person)
    if presence.state in IN_CALL_STATES:
        presence.next_reason = None
        return presence
    if presence.state is not AgentState.IDLE:
        _ensure_telephone(presence)
        close_wrap_up(presence, clock.now())
        presence.next_reason = None
        failed_rings.forget(presence)
        change(presence, AgentState.IDLE, clock.now())
        after_commit(routing.serve_waiting)
    return presence


@transactional
def become_not_ready(person: Person, reason: NotReadyReason, *, by: Person | None = None) -> AgentPresence:
    """Take no calls, for a reason. In a call the break begins after the wrap-up. `by`: the shift lead who orders it."""
    if by is not None:
        ensure(by, "floor:lead")
    presence = _on_duty(person)
    if presence.state in IN_CALL_STATES:
        presence.next_reason = reason.value
        return presence
    if presence.reason is reason:
        return presence  # the break goes on, and so does its time
    close_wrap_up(presence, clock.now())
    change(presence, AgentState.NOT_READY, clock.now(), reason=reason)
    return presence


@transactional
def finish_wrap_up(person: Person) -> AgentPresence:
    """Done with the last call: idle, or into the break asked for meanwhile. Outside a wrap-up nothing changes."""
    presence = _on_duty(person)
    if presence.state is AgentState.WRAP_UP:
        _leave_wrap_up(presence, clock.now())
    return presence


@transactional
def extend_wrap_up(person: Person) -> AgentPresence:
    """Another minute, up to ten in all."""
    presence = _on_duty(person)
    if presence.state is not AgentState.WRAP_UP or presence.wrap_until is None:
        raise Refused(_("You are not in a wrap-up."))
    until = presence.wrap_until + EXTENSION
    if until > presence.since + LONGEST_WRAP_UP:
        raise Refused(_("A wrap-up lasts ten minutes at most."))
    presence.wrap_until = until
    set_timer("hotline.wrap_up", person.id, until)
    return presence


@transactional
def end_wrap_up_on_time(agent_id: int) -> None:
    """The timer's part: unless it was extended or is over."""
    presence = lock_with_call(agent_id)
    now = clock.now()
    if presence is None or presence.state is not AgentState.WRAP_UP or presence.wrap_until is None:
        return
    if presence.wrap_until <= now:
        _leave_wrap_up(presence, now)


def _leave_wrap_up(presence: AgentPresence, now: datetime) -> None:
    close_wrap_up(presence, now)
    if presence.next_reason:
        reason, presence.next_reason = NotReadyReason(presence.next_reason), None
        change(presence, AgentState.NOT_READY, now, reason=reason)
    else:
        change(presence, AgentState.IDLE, now)
        after_commit(routing.serve_waiting)


def close_wrap_up(presence: AgentPresence, now: datetime) -> None:
    """Add the seconds to the call's. Its row is locked already, before the agent's: always in that order.

    A call that was handed on is wrapped up by each agent who had it.
    """
    if presence.state is AgentState.WRAP_UP and presence.call is not None:
        took = max(0.0, (now - presence.since).total_seconds())
        presence.call.wrap_seconds = (presence.call.wrap_seconds or 0.0) + took


def _on_duty(person: Person) -> AgentPresence:
    ensure(person, "call:take")
    presence = lock_with_call(person.id)
    if presence is None or presence.state is AgentState.SIGNED_OUT:
        raise Refused(_("Sign on at a seat first."))
    return presence


def _ensure_telephone(presence: AgentPresence) -> None:
    """Who is not ready because their telephone does not work must mend that first, or forward their calls."""
    seat = presence.seat
    if presence.reason is not NotReadyReason.NO_TELEPHONE or seat is None or seat.online:
        return
    if seat.in_browser:
        raise Refused(_("The telephone in your browser does not work yet. The call bar says why."))
    if not presence.forwards_to:
        raise Refused(_("The telephone of seat %(number)s is not connected.", number=seat.number))


def lock_with_call(agent_id: int) -> AgentPresence | None:
    """The agent's row and before it the call they have or wrap up."""
    call_id = db.session.scalar(select(AgentPresence.call_id).where(AgentPresence.agent_id == agent_id))
    if call_id is not None:
        lock_call(call_id)
    return lock_presence(agent_id)


def _make_row(agent_id: int) -> None:
    row = {"agent_id": agent_id, "state": AgentState.SIGNED_OUT, "since": clock.now()}
    db.session.execute(insert(AgentPresence).values(row).on_conflict_do_nothing())
