"""The recording stands still while something is said that is not to be kept. A pause that nobody ends is ended here:
what was forgotten must not leave the rest of the talk without a recording. The agent is warned before, for what is said
just then may be what is not to be kept: one key, and the pause lasts its time anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from accounts import audit
from accounts.models import Person
from config import clock
from config.live import tell
from config.settings import settings
from config.timers import set_timer, timer_handler
from hotline.models import Call, CallLeg
from hotline.services import orders
from hotline.services.deeds import note
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType
from hotline.words import Deed

LASTED, KEPT = "pause_over", "pause_kept"
WARNED_BEFORE = timedelta(seconds=15)
TIMER = "hotline.recording_pause"


def pause(turn: Turn, person: Person) -> None:
    """From now on, for as long as a pause may last."""
    turn.call.recording_paused_at = turn.now
    _lasts_from(turn)
    orders.order(turn, CommandType.RECORD, action="pause")
    _write_down(turn, person)


def keep(turn: Turn, person: Person) -> None:
    """The pause lasts its time from now on."""
    _lasts_from(turn)
    _write_down(turn, person, reason=KEPT)


def resume(turn: Turn, person: Person | None, **detail: Any) -> None:
    """It goes on. Without a person: by itself."""
    call = turn.call
    call.recording_paused_at = call.recording_paused_until = None
    orders.order(turn, CommandType.RECORD, action="start")
    note(call, person.id if person is not None else None, Deed.RESUME_RECORDING, **detail)
    audit.record("call:resume_recording", person, subject=("call", call.id), detail=detail)


def longest() -> timedelta:
    return timedelta(seconds=settings().recording_pause_seconds)


def warned_before() -> timedelta:
    """So long before its end the agent is warned."""
    return min(WARNED_BEFORE, longest() / 2)


def _lasts_from(turn: Turn) -> None:
    until = turn.call.recording_paused_until = turn.now + longest()
    set_timer(TIMER, turn.call.id, until - warned_before(), until=until.isoformat(), warns=True)


def _write_down(turn: Turn, person: Person, **detail: Any) -> None:
    note(turn.call, person.id, Deed.PAUSE_RECORDING, **detail)
    audit.record("call:pause_recording", person, subject=("call", turn.call.id), detail=detail)


@timer_handler(TIMER)
def warn_or_resume(key: str, payload: dict[str, Any]) -> None:
    """Unless somebody has ended that pause or kept it on, or the talk is over."""
    call = lock_call(int(key))
    if call is None or call.ended_at is not None or not _is_that_pause(call, payload):
        return
    turn = Turn(load(call), clock.now(), state_before=call.state)
    if payload.get("warns"):
        # However late this comes, nobody is recorded again unwarned.
        until = call.recording_paused_until = max(
            call.recording_paused_until or turn.now, turn.now + warned_before()
        )
        set_timer(TIMER, call.id, until, until=until.isoformat())
        # Only who can keep it paused: a guest or a lead has no key for it.
        _tell(turn, turn.snapshot.agent_legs, "recording:resumes")
    else:
        resume(turn, None, reason=LASTED, seconds=settings().recording_pause_seconds)
        orders.dispatch(turn)
        _tell(turn, turn.snapshot.seat_legs, "recording:resumed")


def _tell(turn: Turn, legs: Iterable[CallLeg], news: str) -> None:
    for leg in legs:
        if not leg.is_over:
            tell(f"person:{leg.agent_id}", news, {"call_no": turn.call.call_no})


def _is_that_pause(call: Call, payload: dict[str, Any]) -> bool:
    until = call.recording_paused_until
    if until is None:  # begun before an update that taught us to warn
        return call.recording_paused_at is not None
    return until.isoformat() == payload.get("until")
