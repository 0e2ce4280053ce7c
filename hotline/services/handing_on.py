"""What a flow hands on to others: a number outside, a message, a call back, a case's progress, a rating.

Each answers `Found(None)` at once where it cannot be done, so that the caller goes on; None where an answer comes
later.
"""

from __future__ import annotations

from datetime import datetime

from hotline import progress
from hotline.ivr.steps import Found, LookUp, Position, PutThrough, Rate, TakeCallback, TakeMessage
from hotline.services import carry_out, voicemail
from hotline.services.queues import queue_named
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


def take_message(turn: Turn, _output: TakeMessage, at: datetime, _position: Position) -> Found | None:
    """They speak after the tone; that is the end of the flow."""
    voicemail.begin(turn, at)
    return None


def take_callback(turn: Turn, output: TakeCallback, at: datetime, _position: Position) -> Found | None:
    """A place is kept for them, and they hear so; not for a number that was withheld."""
    if turn.call.caller_index is None:
        return Found(None)
    turn.call.queue = queue_named(output.queue)
    turn.call.queue_id = turn.call.queue.id
    turn.call.callback_at = turn.call.callback_at or at
    return None


def rate(_turn: Turn, _output: Rate, _at: datetime, _position: Position) -> Found | None:
    """Kept where the caller stands in the flow, as `rating`: the survey after a talk is another one."""
    return None
