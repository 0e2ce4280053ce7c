"""Each type of command and what the switch does about it. One table, no judgement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from hotline.telephony.contract import CommandMessage, CommandType
from hotline.telephony.simulator import telephones
from hotline.telephony.simulator.media import PROMPT_SECONDS, SECONDS_PER_CHARACTER, Heard, Spoken
from hotline.telephony.simulator.model import Call, Leg

if TYPE_CHECKING:
    from hotline.telephony.simulator.switch import Switch

log = structlog.get_logger(__name__)
LONGEST_MESSAGE = 180.0
Order = Callable[["Switch", Call, Leg, CommandMessage], None]


def carry_out(switch: Switch, command: CommandMessage) -> None:
    """Do what the command says. A call or leg that is gone by now is no error: the telephone was quicker."""
    if command.type is CommandType.RING:
        telephones.ring(switch, command)
        return
    call = switch.calls.get(command.call)
    if call is None:
        return
    if command.leg is not None and command.leg not in call.legs:
        if command.type is CommandType.HANGUP:
            call.unwanted.add(command.leg)  # answers and the stream are two ways: its ring is still to come
        return
    legs = [call.legs[command.leg]] if command.leg else [call.first_leg]
    if command.type is CommandType.HANGUP and command.leg is None:
        legs = call.live_legs
    for leg in legs:
        if not leg.ended:
            ORDERS[command.type](switch, call, leg, command)


def _answer(switch: Switch, _call: Call, leg: Leg, _command: CommandMessage) -> None:
    switch.answer_leg(leg)


def _play(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    switch.media(leg).add(Heard(command.prompt or "", PROMPT_SECONDS))


def _say(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    spoken = len(command.text or "") * SECONDS_PER_CHARACTER
    switch.media(leg).add(Heard(command.prompt or "say", spoken))


def _gather(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    spoken = len(command.text) * SECONDS_PER_CHARACTER if command.text else PROMPT_SECONDS
    switch.media(leg).add(
        Heard(command.prompt or "", spoken, keys=command.max or 1, timeout=command.timeout or 3.0)
    )


def _queue(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    switch.leave_room(leg)
    switch.wait_with_music(leg)
    _resume(switch, call, leg, command)


def _connect(switch: Switch, call: Call, _leg: Leg, command: CommandMessage) -> None:
    for leg_id in command.legs or ():
        if (leg := call.legs.get(leg_id)) is not None:
            _add(switch, call, leg, command)


def _hold(switch: Switch, _call: Call, leg: Leg, _command: CommandMessage) -> None:
    if not leg.held:
        leg.held = True
        switch.report(leg, "leg.held")
        leg.call.stir()


def _resume(switch: Switch, _call: Call, leg: Leg, _command: CommandMessage) -> None:
    if leg.held:
        leg.held = False
        switch.report(leg, "leg.resumed")
        leg.call.stir()


def _add(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    switch.join_room(leg, call.room)
    _resume(switch, call, leg, command)


def _remove(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    """Out of room, music and hold."""
    switch.leave_room(leg)
    switch.stop_waiting(leg, "removed")
    _resume(switch, call, leg, command)


def _transfer(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    """Blind: the leg waits in the room, whoever is at `to` is rung into it, the seats leave."""
    for other in call.live_legs:
        if other.seat and other is not leg:
            switch.end_leg(other, cause="transferred", by="hotline")
    switch.join_room(leg, call.room)
    telephones.dial(switch, call, f"{call.id}-t{len(call.legs)}", command.to or "", timeout=60)


def _listen(switch: Switch, call: Call, _leg: Leg, command: CommandMessage) -> None:
    listener = call.legs.get(command.by or "")
    target = call.legs.get(command.target or "")
    if listener is None or listener.ended or target is None or target.ended:
        return
    if command.mode == "barge":
        switch.join_room(listener, call.room)
    else:
        switch.leave_room(listener)
    listener.listens_to, listener.listens_as = target, command.mode or "monitor"
    switch.report(listener, "listen.started", mode=listener.listens_as)


def _record(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    if command.leg is not None:
        switch.media(leg).add(Spoken(command.prompt or "", command.timeout or LONGEST_MESSAGE))
        return
    match command.action:
        case "pause":
            switch.tapes.pause(call)
        case "stop":
            switch.tapes.stop(call)
        case _:
            switch.tapes.start(call)


def _hangup(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    switch.end_leg(leg, cause=command.reason or "normal", by="hotline")


ORDERS: dict[CommandType, Order] = {
    CommandType.ANSWER: _answer,
    CommandType.PLAY: _play,
    CommandType.SAY: _say,
    CommandType.GATHER: _gather,
    CommandType.QUEUE: _queue,
    CommandType.CONNECT: _connect,
    CommandType.HOLD: _hold,
    CommandType.RESUME: _resume,
    CommandType.ADD: _add,
    CommandType.REMOVE: _remove,
    CommandType.TRANSFER: _transfer,
    CommandType.LISTEN: _listen,
    CommandType.RECORD: _record,
    CommandType.HANGUP: _hangup,
}
