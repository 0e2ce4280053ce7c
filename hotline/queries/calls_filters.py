"""The filters of the call log as conditions: each named, each only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from config import clock
from config.crypto import blind_index
from config.errors import Invalid
from config.phones import normalise_phone
from hotline.interfaces import has_case
from hotline.models import Call, CallDeed, CallLeg, CallQueue, Recording, Seat
from hotline.queries.abandoned import GAVE_UP, GAVE_UP_AT_ONCE
from hotline.words import (
    LISTENING_DEEDS,
    MOVING_DEEDS,
    CallState,
    Deed,
    Direction,
    EndReason,
)


@dataclass(frozen=True)
class LogFilters:
    """What a supervisor may ask for; empty fields ask for nothing. `number` must be the whole number. Of those that are
    True, False or None, False asks for calls that were not."""

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
    skill_id: int | None = None
    seat: str = ""
    site: str = ""
    waited_over: int | None = None
    talked_over: int | None = None
    talked_under: int | None = None
    short: bool = False
    held: bool = False
    transferred: bool = False
    helped: bool = False
    listened: bool = False
    emergency: bool = False
    recorded: bool | None = None
    rated: bool | None = None
    with_case: bool | None = None


def conditions(asked: LogFilters) -> Iterator[ColumnElement[bool]]:
    """All of them must hold."""
    yield from _named(asked)
    yield from _days(asked)
    yield from _lengths(asked)
    yield from _happened(asked)


def _named(asked: LogFilters) -> Iterator[ColumnElement[bool]]:
    if asked.number:
        yield Call.caller_index == _index(asked.number)
    if asked.call_no:
        yield Call.call_no == asked.call_no
    for column, value in (
        (Call.state, asked.state),
        (Call.end_reason, asked.end_reason),
        (Call.direction, asked.direction),
        (Call.queue_id, asked.queue_id),
        (Call.agent_id, asked.agent_id),
    ):
        if value is not None:
            yield column == value
    if asked.skill_id is not None:
        yield Call.queue_id.in_(select(CallQueue.id).where(CallQueue.skill_id == asked.skill_id))
    if asked.seat:
        # Few calls of many: found by the seat, not by looking at each call.
        yield Call.id.in_(select(CallLeg.call_id).where(CallLeg.seat == asked.seat))
    if asked.site:
        of_site = select(Seat.number).where(Seat.site == asked.site)
        yield _has(CallLeg, CallLeg.seat.in_(of_site))


def _days(asked: LogFilters) -> Iterator[ColumnElement[bool]]:
    if asked.from_day:
        yield Call.arrived_at >= clock.start_of_day(asked.from_day)
    if asked.to_day:
        yield Call.arrived_at < clock.start_of_day(asked.to_day + timedelta(days=1))


def _lengths(asked: LogFilters) -> Iterator[ColumnElement[bool]]:
    if asked.waited_over is not None:
        yield Call.wait_seconds > asked.waited_over
    if asked.talked_over is not None:
        yield Call.talk_seconds > asked.talked_over
    if asked.talked_under is not None:
        yield Call.talk_seconds < asked.talked_under
    if asked.held:
        yield Call.hold_seconds > 0
    if asked.abandoned:
        yield GAVE_UP
    if asked.short:
        yield GAVE_UP_AT_ONCE


def _happened(asked: LogFilters) -> Iterator[ColumnElement[bool]]:
    if asked.transferred:
        yield or_(Call.requeued_at.is_not(None), _did(*MOVING_DEEDS))
    if asked.helped:
        yield _did(Deed.HELP)
    if asked.listened:
        yield _did(*LISTENING_DEEDS)
    if asked.emergency:
        yield Call.emergency != ""
    if asked.recorded is not None:
        recorded = _has(Recording)
        yield recorded if asked.recorded else ~recorded
    if asked.rated is not None:
        yield Call.rating.is_not(None) if asked.rated else Call.rating.is_(None)
    if asked.with_case is not None and (with_case := has_case()) is not None:
        yield with_case if asked.with_case else ~with_case


def _did(*deeds: Deed) -> ColumnElement[bool]:
    return Call.id.in_(select(CallDeed.call_id).where(CallDeed.deed.in_(deeds)))


def _has(model: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(model.call_id == Call.id, *where)


def _index(number: str) -> str:
    """A number nobody can have finds nothing, without saying why."""
    try:
        return blind_index(normalise_phone(number))
    except Invalid:
        return blind_index(number)
