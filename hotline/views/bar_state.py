"""What the call bar shows of an agent: presence, call, queue, reasons, rights."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from config import clock
from config.extensions import db
from config.phones import format_phone, mask_phone
from config.settings import settings
from hotline.models import AgentPresence, Call, CallLeg
from hotline.queries import usual_seats, waits
from hotline.services.leading import unread_messages
from hotline.services.presence import facts
from hotline.services.room import room_of
from hotline.words import (
    CHOOSABLE_REASONS,
    IN_CALL_STATES,
    AgentState,
    CallState,
    Direction,
    LegRole,
    ListenMode,
    Purpose,
)


def bar_state(person: Person) -> dict[str, Any]:
    """`{presence, call | null, queue, reasons, may, messages}`; `docs/telephony.md` has the fields."""
    presence = db.session.scalars(
        select(AgentPresence)
        .where(AgentPresence.agent_id == person.id)
        .options(joinedload(AgentPresence.seat), joinedload(AgentPresence.call).joinedload(Call.queue))
        .execution_options(populate_existing=True)
    ).one_or_none()
    waiting = waits()
    return {
        "presence": _presence(person, presence),
        "call": _call(presence) if presence else None,
        "queue": {"waiting": waiting.waiting, "longest": round(waiting.longest_seconds)},
        "reasons": [{"value": reason.value, "label": reason.label} for reason in CHOOSABLE_REASONS],
        "may": _may(presence),
        "messages": [
            {"id": one.id, "by": one.by.name, "words": one.words, "at": one.at.isoformat()}
            for one in unread_messages(person)
        ],
    }


def _presence(person: Person, presence: AgentPresence | None) -> dict[str, Any]:
    """As it is; who is signed out is offered a seat, so that Enter is enough."""
    if presence is not None and presence.state is not AgentState.SIGNED_OUT:
        return {**facts(presence), "telephone": _telephone(presence)}
    nobody = AgentPresence(agent_id=person.id, state=AgentState.SIGNED_OUT, since=clock.now())
    offers = [one for one in usual_seats(person) if not one.in_browser or settings().softphone_url]
    return {
        **facts(presence or nobody),
        "seat": offers[0].number if offers else None,
        "offers": [{"seat": one.number, "in_browser": one.in_browser} for one in offers],
    }


def _telephone(presence: AgentPresence) -> dict[str, Any]:
    """The telephone of the seat; `browser` is which one it is, where it is in a browser."""
    seat = presence.seat
    in_browser, online = (seat.in_browser, seat.online) if seat is not None else (False, False)
    return {"in_browser": in_browser, "online": online, "browser": presence.browser}


def _picks_up(call: Call, mine: CallLeg) -> str | None:
    """When a telephone in the browser picks up by itself: `at_once` where its owner has asked for the call."""
    own_wish = mine.role is LegRole.SUPERVISOR or mine.purpose is Purpose.RETURN
    if own_wish or (call.direction is Direction.OUT and mine.role is LegRole.AGENT and not call.answered_at):
        return "at_once"
    if mine.role is LegRole.AGENT and call.queue is not None and call.queue.auto_answer:
        return "after_tone"
    return None


def _call(presence: AgentPresence) -> dict[str, Any] | None:
    """The call the agent is in: ringing (their telephone), dialling (the citizen's rings), talking or held."""
    call = presence.call
    if call is None or presence.state not in IN_CALL_STATES:
        return None
    state = call.state.value
    if presence.state is AgentState.RESERVED:
        state = "ringing"
    elif call.direction is Direction.OUT and call.answered_at is None:
        state = "dialling"
    elif call.state not in (CallState.TALKING, CallState.HELD):
        state = "talking"  # the citizen is just leaving; the next event tells
    mine = presence.leg
    asks = mine.invited_by if mine is not None else None
    waited = (clock.now() - call.queued_at).total_seconds() if call.queued_at else 0.0
    return {
        "call_id": call.id,
        "call_no": call.call_no,
        "state": state,
        "direction": call.direction.value,
        "number_masked": mask_phone(call.caller_number),
        "queue": call.queue.name if call.queue else "",
        "waited": round(call.wait_seconds if call.wait_seconds is not None else max(0.0, waited), 1),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "role": mine.role.value if mine is not None and mine.role else None,
        "purpose": mine.purpose.label if mine is not None and mine.purpose else None,
        "asked_by": asks.name if asks is not None and asks.id != presence.agent_id else None,
        "leg": mine.key if mine is not None else None,
        "picked_up": mine is not None and mine.answered_at is not None,
        "picks_up": _picks_up(call, mine) if mine is not None else None,
        "mode": mine.hears.value if mine is not None and mine.hears else None,
        "guests": [_guest(leg) for leg in room_of(call) if _is_shown(leg, mine)],
        "emergency": call.emergency,
        "help": call.help_asked_at is not None,
        "recording_paused": call.recording_paused_at.isoformat() if call.recording_paused_at else None,
        "recording_resumes": call.recording_paused_until.isoformat() if call.recording_paused_until else None,
    }


def _is_shown(leg: CallLeg, mine: CallLeg | None) -> bool:
    """Not oneself; and that somebody listens in silence is not announced to the agent."""
    silent = leg.role is LegRole.SUPERVISOR and leg.hears is ListenMode.MONITOR
    return not silent and leg.role is not LegRole.AGENT and (mine is None or leg.id != mine.id)


def _guest(leg: CallLeg) -> dict[str, Any]:
    """Somebody else in the call."""
    return {
        "name": leg.agent.name if leg.agent is not None else format_phone(leg.number or ""),
        "role": leg.role.value if leg.role else None,
        "role_label": leg.role.label if leg.role else "",
        "here": leg.answered_at is not None,
    }


def _may(presence: AgentPresence | None) -> list[str]:
    if presence is None or presence.state in (*IN_CALL_STATES, AgentState.SIGNED_OUT):
        return []
    ring_me = settings().demo and presence.state is AgentState.IDLE
    return ["dial", "ring_me"] if ring_me else ["dial"]
