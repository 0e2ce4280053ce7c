"""A call in its flow: the interpreter's steps as commands and facts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import select

from config import calendar, clock
from config.extensions import db
from config.timers import set_timer
from hotline.engine import decisions as do
from hotline.engine.facts import ask_for_a_person
from hotline.engine.position import position_of
from hotline.engine.snapshot import Snapshot
from hotline.ivr import steps
from hotline.ivr.builtin import DEFAULT, FORMER_NUMBER
from hotline.ivr.document import Flow, Prompt
from hotline.ivr.steps import Found, Heard, Position, Waits
from hotline.ivr.walk import straight_to_a_person, walk
from hotline.models import Call, IvrSwitch, IvrVersion
from hotline.services import handing_on
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType

log = structlog.get_logger(__name__)

NET = timedelta(seconds=30)
"""How much longer than it should take a step may stay unanswered before the caller gets a person."""
SECONDS_PER_CHARACTER = 0.35  # of the slowest voice
LONGEST_RECORDING = 120.0
KEPT_FLOWS = 100

_flows: OrderedDict[str, Flow] = OrderedDict()


def take_step(turn: Turn, decision: do.Walk) -> None:
    """Hear what the caller answered, and do what the flow says, until it waits for them again."""
    call = turn.call
    flow, world = flow_of(call), CallWorld(call, turn.now)
    position, heard = position_of(call) or Position(), decision.heard
    answered: Heard | None = heard
    while answered is not None:
        position, outputs = walk(flow, position, answered, world)
        answered = _do(turn, outputs, decision.at, position)
    _stand(call, position)


def leave(snapshot: Snapshot, at: datetime) -> bool:
    """Out of the flow, to a person: the switch never answered. False if there is nothing to leave."""
    call = snapshot.call
    position = position_of(call)
    asked = position is not None and position.waits in (Waits.KEYS, Waits.PLAYED)
    if position is None or not asked or call.asked_at is not None or call.ended_at is not None:
        return False
    position, _outputs = straight_to_a_person(position)
    _stand(call, position)
    ask_for_a_person(snapshot, at, "")
    return True


def flow_of(call: Call) -> Flow:
    """What this caller hears. A version that cannot be read any more is no reason to leave anybody without."""
    if call.flow_version:
        found = _flows.get(call.flow_version) or _read(call.flow_version)
        if found is not None:
            return found
    return FORMER_NUMBER if call.department_id is not None else DEFAULT


class CallWorld:
    """The world as a call finds it; each thing is looked up when it is asked for."""

    def __init__(self, call: Call, now: datetime) -> None:
        self._call, self._now = call, now

    def now(self) -> datetime:
        return clock.local(self._now)

    def is_working_day(self) -> bool:
        return calendar.is_working_day(self.now().date())

    def broadcast(self) -> Prompt | None:
        row = db.session.execute(select(IvrSwitch.broadcast_on, IvrSwitch.broadcast)).one_or_none()
        return Prompt.model_validate(row.broadcast) if row is not None and row.broadcast_on else None

    def department(self) -> str:
        return self._call.department.name if self._call.department else ""


def _read(key: str) -> Flow | None:
    """A version in force or retired never changes, so each process reads it once."""
    body = db.session.scalar(select(IvrVersion.body).where(IvrVersion.key == key))
    try:
        flow = Flow.model_validate(body)
    except ValidationError as error:
        log.error("flow_unreadable", version=key, problems=error.error_count())
        return None
    _flows[key] = flow
    while len(_flows) > KEPT_FLOWS:
        _flows.popitem(last=False)
    return flow


def _stand(call: Call, position: Position) -> None:
    call.flow_position, call.flow_answer = asdict(position), None


def _do(turn: Turn, outputs: list[steps.Output], at: datetime, position: Position) -> Found | None:
    """Do each thing. What is answered at once is heard at once."""
    answered = None
    for output in outputs:
        answered = DEEDS[type(output)](turn, output, at, position)
    return answered


def _ask(turn: Turn, output: steps.Ask, _at: datetime, _position: Position) -> None:
    _order(
        turn, CommandType.GATHER, output, max=output.most, timeout=output.wait, finish=output.finish or None
    )


def _say(turn: Turn, output: steps.Say, _at: datetime, _position: Position) -> None:
    _order(turn, CommandType.SAY, output)


def _order(turn: Turn, type_: CommandType, output: steps.Ask | steps.Say, **args: Any) -> None:
    """Tell the switch, and look after the caller should it never answer."""
    citizen, prompt = turn.snapshot.citizen, output.prompt
    if citizen is None or not citizen.is_live:
        return
    said = {"sound": prompt.sound or None, "text": prompt.text or None, "language": prompt.language}
    args = {name: value for name, value in {**said, **args}.items() if value is not None}
    order(turn, type_, leg=citizen.key, prompt=output.step, **args)
    lasts = LONGEST_RECORDING if prompt.sound else len(prompt.text) * SECONDS_PER_CHARACTER
    lasts += getattr(output, "wait", 0.0) + getattr(output, "most", 0) * 4
    set_timer("hotline.step", turn.call.id, turn.now + NET + timedelta(seconds=lasts), step=output.step)


def _wait(turn: Turn, output: steps.Wait, at: datetime, position: Position) -> None:
    turn.call.asked_queue = output.queue
    turn.call.priority += output.priority
    ask_for_a_person(turn.snapshot, at, position.pressed)


def _end(turn: Turn, _output: steps.End, _at: datetime, _position: Position) -> None:
    citizen = turn.snapshot.citizen
    if citizen is not None and citizen.is_live and citizen.hangup_asked_at is None:
        citizen.hangup_asked_at = turn.now
        order(turn, CommandType.HANGUP, leg=citizen.key, reason="normal")


DEEDS: dict[type[steps.Output], Callable[[Turn, Any, datetime, Position], Found | None]] = {
    steps.Say: _say,
    steps.Ask: _ask,
    steps.Wait: _wait,
    steps.End: _end,
    steps.LookUp: handing_on.look_up,
    steps.PutThrough: handing_on.put_through,
    steps.TakeMessage: handing_on.take_message,
    steps.TakeCallback: handing_on.take_callback,
    steps.Rate: handing_on.rate,
}
