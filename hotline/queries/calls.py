"""Calls that were: the log with its filters, and all that is kept of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may
from hotline.models import Call, CallCommand, CallDeed, CallEvent, CallLeg, CallQuality, CallQueue, Recording
from hotline.queries.branches import branch_of, of_branch
from hotline.queries.calls_filters import LogFilters, conditions
from hotline.queries.loading import with_name


def call_log(filters: LogFilters, person: Person) -> Select[Any]:
    """Calls this person may see: who oversees, all, or those of the branch they lead; an agent, their own."""
    found = (
        select(Call)
        .where(Call.arrived_at.is_not(None), *conditions(filters))
        .options(joinedload(Call.queue).lazyload(CallQueue.skill), with_name(Call.agent))
    )
    own = Call.agent_id == person.id
    if not may(person, "call:list_all"):
        return found.where(own)
    branch = branch_of(person)
    return found if branch is None else found.where(or_(own, of_branch(branch)))


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


def deeds_of(call: Call) -> Select[Any]:
    """What people pressed."""
    return (
        select(CallDeed)
        .where(CallDeed.call_id == call.id)
        .options(with_name(CallDeed.person))
        .order_by(CallDeed.at, CallDeed.id)
    )


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


def qualities_of(call: Call) -> Select[Any]:
    """How it sounded to each telephone in a browser, in the order of ringing."""
    return (
        select(CallQuality)
        .join(CallLeg, CallLeg.id == CallQuality.leg_id)
        .where(CallLeg.call_id == call.id)
        .options(joinedload(CallQuality.leg).options(with_name(CallLeg.agent)))
        .order_by(CallLeg.rung_at)
    )
