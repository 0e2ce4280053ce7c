"""An event of a switch that queues by itself: into the log, and to the one agent whom it concerns."""

from __future__ import annotations

import hashlib
from typing import Any

from config import clock
from config.transaction import transactional
from hotline.services import elsewhere
from hotline.telephony.contract import EventMessage
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
        event = {"id": f"{call}.{_mark(told, kind)}", "type": kind, "leg": leg, **facts}
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


def _mark(told: Told, kind: str) -> str:
    """The switch gives its events no id. Taken by somebody else, a call is taken again: it was passed on."""
    if kind != "leg.answered":
        return kind
    return f"{kind}.{hashlib.sha256(repr(told.names).encode()).hexdigest()[:6]}"


def _agent(told: Told) -> int | None:
    """Who it concerns: the one who answers, or the only one whose telephone rings."""
    found = {agent for name in told.names if (agent := agent_of(name)) is not None}
    return found.pop() if len(found) == 1 else None
