"""Music for the citizen, and back again. What is wanted is kept with the leg, for the switch confirms it later."""

from __future__ import annotations

from hotline.engine.holding import comes_back
from hotline.models import CallLeg
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType
from hotline.words import CallState


def hold(turn: Turn) -> None:
    """The citizen hears music, if they are there."""
    citizen = turn.snapshot.citizen
    if citizen is not None and citizen.is_live:
        citizen.hold_wanted = True
        order(turn, CommandType.HOLD, leg=citizen.key)


def hold_if_they_hear(turn: Turn) -> bool:
    """Hold, unless the citizen hears music already; whether that was needed. Whose hold was to end a moment ago is
    about to hear the talk again, and what is said now is not for them."""
    citizen = turn.snapshot.citizen
    hears = turn.call.state is CallState.TALKING or (citizen is not None and comes_back(citizen))
    if hears:
        hold(turn)
    return hears


def resume(turn: Turn) -> None:
    """The citizen hears the others again, if they are there."""
    citizen = turn.snapshot.citizen
    if citizen is not None and citizen.is_live:
        order(turn, CommandType.RESUME, leg=citizen.key)
        citizen.hold_wanted, citizen.resume_asked_at = False, turn.now


def ended_by_itself(turn: Turn, citizen: CallLeg) -> None:
    """What was ordered ends the hold as well: a queue, a talk, a last word."""
    if citizen.hold_wanted:
        citizen.hold_wanted, citizen.resume_asked_at = False, turn.now
