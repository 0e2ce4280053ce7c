"""Who listens when the citizen goes to somebody else. To hear, whisper to or come in on the next agent is an act of its
own, with its own row in the audit trail, and only where the lead leads that agent; else the listening ends, and the
lead is told why.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from accounts import audit
from accounts.models import AuditEntry, Person
from accounts.permissions import may
from config.extensions import db
from config.live import tell
from hotline.models import Call, CallLeg, CallQueue
from hotline.queries.branches import branch_of, is_served_by
from hotline.services.deeds import note
from hotline.services.turn import Turn
from hotline.words import Deed, LegRole, ListenMode

NOT_THEIRS = "not_theirs"
"""Why a lead's telephone is put down: whom they would hear now they do not lead."""


def write_down(
    call: Call, lead: Person, agent_id: int | None, mode: ListenMode, *, followed: bool = False
) -> None:
    """The act, in the audit trail and on the call's ladder. `followed`: nobody pressed, the call went to that agent;
    the request is the switch's then, and the lead is where they were when they pressed."""
    detail = {"agent_id": agent_id, **({"followed": True} if followed else {})}
    address = _pressed_from(call, lead) if followed else None
    audit.record(f"call:{mode.value}", lead, subject=("call", call.id), detail=detail, address=address)
    note(call, lead.id, Deed(mode.value))


def _pressed_from(call: Call, lead: Person) -> str:
    """The address from which they began to listen to this call."""
    pressed = (
        select(AuditEntry.address)
        .where(
            AuditEntry.subject_type == "call",
            AuditEntry.subject_id == str(call.id),
            AuditEntry.person_id == lead.id,
            AuditEntry.verb.in_([f"call:{mode.value}" for mode in ListenMode]),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return db.session.scalar(pressed) or ""


def goes_to(turn: Turn, having: CallLeg) -> Iterator[CallLeg]:
    """`having` has the citizen now. Who may hear them listens anew; yields the legs that must leave.

    The agent whose telephone is only rung anew is the one who was heard before. Of somebody outside nothing is to be
    heard at an agent's telephone; who came into the talk stays in it.
    """
    for leg, lead, mode in _listeners(turn):
        if having.agent_id is None:
            stays = leg.heard == ListenMode.BARGE
        else:
            stays = having.agent_id == _heard_before(turn, having) or _follows(turn, lead, having, mode)
        if not stays:
            yield _leaves(turn, leg, lead)
        elif leg.heard != ListenMode.BARGE:
            leg.heard = None  # they listened at the telephone of the one before


def waits_in(turn: Turn, queue: CallQueue) -> Iterator[CallLeg]:
    """The citizen was sent to this queue; yields the legs of leads none of whose people serve it."""
    for leg, lead, _mode in _listeners(turn):
        branch = branch_of(lead)
        if branch is not None and not is_served_by(queue.id, branch):
            yield _leaves(turn, leg, lead)


def _listeners(turn: Turn) -> Iterator[tuple[CallLeg, Person, ListenMode]]:
    for leg in turn.snapshot.guests:
        wants = leg.role is LegRole.SUPERVISOR and leg.hangup_asked_at is None
        if wants and leg.hears is not None and leg.agent is not None:
            yield leg, leg.agent, leg.hears


def _heard_before(turn: Turn, having: CallLeg) -> int | None:
    """Whom the citizen had talked with until now."""
    before = [
        leg
        for leg in turn.snapshot.agent_legs
        if leg is not having and leg.connected_at is not None and leg.connected_at <= turn.now
    ]
    return max(before, key=lambda leg: (leg.connected_at, leg.key)).agent_id if before else None


def _follows(turn: Turn, lead: Person, having: CallLeg, mode: ListenMode) -> bool:
    if not may(lead, "floor:lead", having.agent):
        return False
    write_down(turn.call, lead, having.agent_id, mode, followed=True)
    return True


def _leaves(turn: Turn, leg: CallLeg, lead: Person) -> CallLeg:
    tell(f"person:{lead.id}", "listen:over", {"call_no": turn.call.call_no})
    return leg
