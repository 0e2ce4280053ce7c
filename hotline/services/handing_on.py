"""What a flow hands on to others: a number outside, a message, a call back, a case's progress, a rating.

Each answers `Found(None)` at once where it cannot be done, so that the caller goes on; None where an answer comes
later.
"""

from __future__ import annotations

from datetime import datetime

from hotline import progress
from hotline.ivr.steps import Found, LookUp, Position, PutThrough, Rate, TakeCallback, TakeMessage
from hotline.services import carry_out
from hotline.services.turn import Turn
from hotline.words import Purpose

OUTSIDE_RINGS = 45


def look_up(turn: Turn, output: LookUp, _at: datetime, _position: Position) -> Found | None:
    """How a case stands, asked of the floor that has cases."""
    return Found(progress.case_progress(output.number, output.code, turn.call.call_no))


def put_through(turn: Turn, output: PutThrough, _at: datetime, _position: Position) -> Found | None:
    """Ring the number; `decide` brings the two together, or hears that nobody answered."""
    citizen = turn.snapshot.citizen
    if citizen is not None and citizen.is_live:
        carry_out.ring_outside(turn, output.number, OUTSIDE_RINGS).purpose = Purpose.THROUGH
    return None


def take_message(_turn: Turn, _output: TakeMessage, _at: datetime, _position: Position) -> Found | None:
    """No message can be taken yet: on to where the flow says."""
    return Found(None)


def take_callback(_turn: Turn, _output: TakeCallback, _at: datetime, _position: Position) -> Found | None:
    """No place can be kept yet: on to where the flow says."""
    return Found(None)


def rate(_turn: Turn, _output: Rate, _at: datetime, _position: Position) -> Found | None:
    """The rating is in the events of the call."""
    return None
