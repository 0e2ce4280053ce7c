"""An event of a switch that queues by itself: into the log, and to the one agent whom it concerns."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from config import clock
from config.extensions import db
from config.transaction import transactional
from hotline.models import Call, CallEvent
from hotline.services import elsewhere
from hotline.telephony.contract import EventMessage, EventType
from hotline.telephony.cti import PROVIDER
from hotline.telephony.cti.lines import note_used
from hotline.telephony.cti.models import CtiLine
from hotline.telephony.cti.people import agent_of
from hotline.telephony.cti.told import VOICEMAIL, Happening, Told
from hotline.words import Direction

CAUSES = {
    "cancel": "normal", "normalClearing": "normal", "busy": "busy", "noAnswer": "no_answer",
    "forwarded": "forwarded", "notFound": "unreachable", "congestion": "congestion",
}  # fmt: skip
REPEATED_WITHIN = timedelta(seconds=10)
"""Sooner nobody is given a call back that they answered and passed on; what comes by then was sent twice."""


@transactional
def note(line: CtiLine, told: Told) -> None:
    """Write it down. Told again, or in another order, nothing is written twice and the end is the same."""
    note_used(line)
    call = told.key(line.id)
    about = {"at": clock.now(), "provider": PROVIDER, "call": call}
    known = elsewhere.Known(
        direction=Direction(told.direction), number=told.citizen, dialled=told.ours, agent_id=_agent(told)
    )
    for kind, leg, facts in _events(told, call):
        mark = _answer(told, call) if kind == "leg.answered" else kind
        event = {"id": f"{call}.{mark}", "type": kind, "leg": leg, **facts}
        elsewhere.observe(EventMessage.model_validate({**about, **event}), known)


def _events(told: Told, call: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(type, leg, facts). A voicemail that is only told of at the end is told of all the same."""
    citizen, picked_up = f"{call}-c", f"{call}-a"
    answered = (
        "leg.answered",
        picked_up,
        {"seat": VOICEMAIL if told.is_voicemail else "|".join(told.names)[:64]},
    )
    match told.event:
        case Happening.NEW_CALL:
            return [("call.incoming", citizen, {"from": told.citizen, "to": told.ours})]
        case Happening.ANSWER:
            return [answered]
        case Happening.HANGUP:
            cause = CAUSES.get(told.cause, "normal")
            ended = ("leg.ended", citizen, {"cause": cause})
            return [answered, ended] if told.is_voicemail else [ended]


def _answer(told: Told, call: str) -> str:
    """The switch gives its events no id. Taken by somebody else, a call is taken again: it was passed on. Told of who
    has it already, it is the same answer; of who had it and lost it, they have it back, unless it is a late repetition:
    soon after the first, or when the call is over."""
    takes = (
        select(CallEvent.event_id, CallEvent.received_at, Call.ended_at)
        .join(Call, Call.id == CallEvent.call_id)
        .where(
            Call.provider == PROVIDER, Call.provider_call == call, CallEvent.type == EventType.LEG_ANSWERED
        )
        .order_by(CallEvent.id)
    )
    known = {row.event_id.removeprefix(f"{call}."): row for row in db.session.execute(takes)}
    times = 1
    while _mark(told, times + 1) in known:
        times += 1
    last = known.get(mark := _mark(told, times))
    if last is None or mark == next(reversed(known)) or last.ended_at is not None:
        return mark
    return mark if clock.now() - last.received_at < REPEATED_WITHIN else _mark(told, times + 1)


def _mark(told: Told, times: int) -> str:
    """Of their answer for the first, second … time; an event's id has no room for more."""
    who = repr(told.names) if times == 1 else repr((told.names, times))
    return f"leg.answered.{hashlib.sha256(who.encode()).hexdigest()[:6]}"


def _agent(told: Told) -> int | None:
    """Who it concerns: the one who answers, or the only one whose telephone rings."""
    found = {agent for name in told.names if (agent := agent_of(name)) is not None}
    return found.pop() if len(found) == 1 else None
