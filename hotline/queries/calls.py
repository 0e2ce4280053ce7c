"""Calls that were: the log with its filters, and all that is kept of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may
from config import clock
from config.crypto import blind_index
from config.errors import Invalid
from config.phones import normalise_phone
from hotline.models import Call, CallCommand, CallEvent, CallLeg, CallQuality, CallQueue, Recording
from hotline.queries.loading import with_name
from hotline.words import ABANDONED_REASONS, CallState, Direction, EndReason


@dataclass(frozen=True)
class LogFilters:
    """What a supervisor may ask for; empty fields ask for nothing. `number` must be the whole number."""

    number: str = ""
    call_no: str = ""
    state: CallState | None = None
    end_reason: EndReason | None = None
    direction: Direction | None = None
    queue_id: int | None = None
    agent_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None
    abandoned: bool = False


def call_log(filters: LogFilters, person: Person) -> Select[Any]:
    """Calls this person may see: who oversees, all; an agent, their own."""
    found = (
        select(Call)
        .where(Call.arrived_at.is_not(None))
        .options(joinedload(Call.queue).lazyload(CallQueue.skill), with_name(Call.agent))
    )
    if not may(person, "call:list_all"):
        found = found.where(Call.agent_id == person.id)
    if filters.number:
        found = found.where(Call.caller_index == _index(filters.number))
    if filters.call_no:
        found = found.where(Call.call_no == filters.call_no)
    for column, value in (
        (Call.state, filters.state),
        (Call.end_reason, filters.end_reason),
        (Call.direction, filters.direction),
        (Call.queue_id, filters.queue_id),
        (Call.agent_id, filters.agent_id),
    ):
        if value is not None:
            found = found.where(column == value)
    if filters.abandoned:
        found = found.where(Call.end_reason.in_(ABANDONED_REASONS))
    if filters.from_day:
        found = found.where(Call.arrived_at >= clock.start_of_day(filters.from_day))
    if filters.to_day:
        found = found.where(Call.arrived_at < clock.start_of_day(filters.to_day + timedelta(days=1)))
    return found


def log_keys() -> list[Any]:
    """The order of the log: newest first."""
    return [Call.arrived_at.desc(), Call.id.desc()]


def calls_of(number_index: str, limit: int = 10) -> Select[Any]:
    """A caller's last calls."""
    return (
        select(Call)
        .where(Call.caller_index == number_index, Call.arrived_at.is_not(None))
        .options(with_name(Call.agent))
        .order_by(Call.arrived_at.desc())
        .limit(limit)
    )


def events_of(call: Call) -> Select[Any]:
    """The ladder: what the switch told, in the order in which it happened."""
    return (
        select(CallEvent)
        .where(CallEvent.call_id == call.id)
        .order_by(CallEvent.at, CallEvent.seq, CallEvent.id)
    )


def commands_of(call: Call) -> Select[Any]:
    """What the switch was told to do."""
    return select(CallCommand).where(CallCommand.call_id == call.id).order_by(CallCommand.id)


def legs_of(call: Call) -> Select[Any]:
    """Who was in the room."""
    return (
        select(CallLeg)
        .where(CallLeg.call_id == call.id)
        .options(with_name(CallLeg.agent))
        .order_by(CallLeg.id)
    )


def recordings_of(call: Call) -> Select[Any]:
    """The call's recordings."""
    return select(Recording).where(Recording.call_id == call.id).order_by(Recording.id)


def _index(number: str) -> str:
    """A number nobody can have finds nothing, without saying why."""
    try:
        return blind_index(normalise_phone(number))
    except Invalid:
        return blind_index(number)


def qualities_of(call: Call) -> Select[Any]:
    """How it sounded to each telephone in a browser, in the order of ringing."""
    return (
        select(CallQuality)
        .join(CallLeg, CallLeg.id == CallQuality.leg_id)
        .where(CallLeg.call_id == call.id)
        .options(joinedload(CallQuality.leg).options(with_name(CallLeg.agent)))
        .order_by(CallLeg.rung_at)
    )
