"""Where a call stands in its flow, as the row has it."""

from __future__ import annotations

from hotline.ivr.steps import Position, Waits
from hotline.models import Call


def position_of(call: Call) -> Position | None:
    """None before the flow was begun, and for who never walks one."""
    if call.flow_position is None:
        return None
    return Position(**{**call.flow_position, "waits": Waits(call.flow_position["waits"])})
