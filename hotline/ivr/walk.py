"""Walking a flow: (flow, position, what was heard, world) → (position, what to do). Pure, for the engine and the
simulator page alike.

It always comes to rest: at a question put to the caller, at something to wait for, or at an end. What leads nowhere
leads to a person: a broken flow may be a nuisance, never a trap.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hotline.ivr.document import PERSON, Flow
from hotline.ivr.going import Going
from hotline.ivr.nodes import ANSWER, ENTER
from hotline.ivr.steps import Begin, Found, Heard, Keys, Output, Played, Position, Wait, Waits, World

EXPECTED: dict[Waits, type[Any]] = {Waits.KEYS: Keys, Waits.PLAYED: Played, Waits.ELSEWHERE: Found}


def walk(flow: Flow, position: Position, heard: Heard, world: World) -> tuple[Position, list[Output]]:
    """Take one step. What was not asked for changes nothing."""
    if position.over:
        return position, []
    going = Going(flow, position, world, ENTER)
    if isinstance(heard, Begin):
        if position.node:
            return position, []
        going.enter(flow.start)
        return going.at, going.outputs
    if EXPECTED.get(position.waits) is not type(heard):
        return position, []
    node = flow.nodes.get(position.node)
    next_ = ANSWER[node.kind](going, node, heard) if node is not None else PERSON
    if next_ is not None:
        going.enter(next_)
    return going.at, going.outputs


def straight_to_a_person(position: Position) -> tuple[Position, list[Output]]:
    """Leave the flow: nothing was heard of the caller for too long, or somebody wants it so."""
    if position.over:
        return position, []
    over = replace(position, waits=Waits.NOTHING, part="", over=True)
    return over, [Wait("", 0)]
