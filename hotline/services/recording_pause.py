"""The recording stands still while something is said that is not to be kept. A pause that nobody ends is ended here:
what was forgotten must not leave the rest of the talk without a recording."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts import audit
from accounts.models import Person
from config import clock
from config.live import tell
from config.settings import settings
from config.timers import set_timer, timer_handler
from hotline.models import Call
from hotline.services import orders
from hotline.services.deeds import note
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType
from hotline.words import Deed

LASTED = "pause_over"


def pause(turn: Turn, person: Person) -> None:
    """From now on, for as long as a pause may last."""
    call = turn.call
    call.recording_paused_at = turn.now
    until = turn.now + longest()
    set_timer("hotline.recording_pause", call.id, until, paused_at=turn.now.isoformat())
    orders.order(turn, CommandType.RECORD, action="pause")
    note(call, person.id, Deed.PAUSE_RECORDING)
    audit.record("call:pause_recording", person, subject=("call", call.id))


def resume(turn: Turn, person: Person | None, **detail: Any) -> None:
    """It goes on. Without a person: by itself."""
    call = turn.call
    call.recording_paused_at = None
    orders.order(turn, CommandType.RECORD, action="start")
    note(call, person.id if person is not None else None, Deed.RESUME_RECORDING, **detail)
    audit.record("call:resume_recording", person, subject=("call", call.id), detail=detail)


def longest() -> timedelta:
    return timedelta(seconds=settings().recording_pause_seconds)


@timer_handler("hotline.recording_pause")
def resume_by_itself(key: str, payload: dict[str, Any]) -> None:
    """Unless somebody has ended that pause, or the talk is over."""
    call = lock_call(int(key))
    if call is None or call.ended_at is not None or not _is_that_pause(call, payload):
        return
    turn = Turn(load(call), clock.now(), state_before=call.state)
    resume(turn, None, reason=LASTED, seconds=settings().recording_pause_seconds)
    orders.dispatch(turn)
    for leg in turn.snapshot.seat_legs:
        if not leg.is_over:
            tell(f"person:{leg.agent_id}", "recording:resumed", {"call_no": call.call_no})


def _is_that_pause(call: Call, payload: dict[str, Any]) -> bool:
    paused = call.recording_paused_at
    return paused is not None and paused.isoformat() == payload.get("paused_at")
