"""Each type of command and what becomes of it. One table, no judgement; a leg that is gone is no error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from hotline.telephony.contract import CommandMessage, CommandType
from hotline.telephony.twiml.models import TwimlLeg

if TYPE_CHECKING:
    from hotline.telephony.twiml.picture import Picture

log = structlog.get_logger(__name__)
LONGEST_MESSAGE = 180  # seconds
TAPE = {
    ("", "start"): ("on", "start"),
    ("paused", "start"): ("on", "resume"),
    ("on", "pause"): ("paused", "pause"),
    ("on", "stop"): ("", "stop"),
    ("paused", "stop"): ("", "stop"),
}
"""What a recording is, and what it is told, by what it was; everything else is so already."""
Deed = Callable[["Picture", CommandMessage], None]


def _answer(picture: Picture, command: CommandMessage) -> None:
    """A caller's call is taken with its first document. A seat's telephone is picked up by whoever sits there."""
    leg = picture.the(command.leg)
    if leg is not None and leg.seat is None and leg.answered_at is None and leg.key == leg.sid:
        leg.answered_at = picture.now
        picture.report(f"{leg.key}.answered", "leg.answered", leg=leg.key)


def _play(picture: Picture, command: CommandMessage) -> None:
    if (leg := picture.the(command.leg)) is not None:
        picture.to_hear(leg, command)


def _gather(picture: Picture, command: CommandMessage) -> None:
    if (leg := picture.the(command.leg)) is not None:
        picture.to_hear(leg, command, keys=command.max or 1)


def _queue(picture: Picture, command: CommandMessage) -> None:
    """Into a conference that has not begun: there is music until somebody enters."""
    leg = picture.the(command.leg)
    if leg is None or leg.place == "queue":
        return
    if leg.place == "room" or any(other.place == "room" for other in picture.legs.values()):
        picture.call.room += 1
        for other in picture.legs.values():
            if other.listens_to and other is not leg:
                other.place = (
                    ""  # in a room the citizen has left; they come after when somebody has the citizen again
                )
    _ends_hold(picture, leg, command)
    leg.place, leg.music = "queue", command.music or "default"
    leg.conference = None
    leg.waiting_since = picture.now
    picture.report(f"{command.id}.joined", "queue.joined", leg=leg.key)
    if not leg.hears:  # else what it hears leads there by itself
        picture.changed(leg, command.id)


def _ring(picture: Picture, command: CommandMessage) -> None:
    key = command.leg
    if key is None:
        return
    leg = picture.legs.get(key)
    if leg is not None:
        if leg.hangup_asked and leg.told == 0 and leg.sid is None:  # unwanted before it was made
            picture.ended(leg, "call_over", "switch")
        return
    leg = picture.add_leg(key, seat=command.seat, number=command.number, role=command.role or "")
    picture.order(leg, command.id, "ring", timeout=command.timeout, shown=command.as_)


def _connect(picture: Picture, command: CommandMessage) -> None:
    for key in command.legs or ():
        if (leg := picture.the(key)) is not None:
            _into_room(picture, leg, command)
    for leg in picture.legs.values():
        if (
            leg.mode == "barge" and not leg.place and leg.ended_at is None
        ):  # they talk with whoever has the citizen
            _into_room(picture, leg, command)


def _add(picture: Picture, command: CommandMessage) -> None:
    if (leg := picture.the(command.leg)) is not None:
        _into_room(picture, leg, command)


def _remove(picture: Picture, command: CommandMessage) -> None:
    """Out of room, music and hold: what is played from now on is for them alone."""
    leg = picture.the(command.leg)
    if leg is not None and leg.place:
        picture.stop_waiting(leg, "removed")
        _ends_hold(picture, leg, command)
        leg.place = ""
        if not leg.hears:
            picture.changed(leg, command.id)


def _hold(picture: Picture, command: CommandMessage) -> None:
    leg = picture.the(command.leg)
    if leg is not None and not leg.held:
        leg.held = True
        picture.order(leg, command.id, "hold")


def _resume(picture: Picture, command: CommandMessage) -> None:
    leg = picture.the(command.leg)
    if leg is not None and leg.held:
        leg.held = False
        picture.order(leg, command.id, "resume")


def _transfer(picture: Picture, command: CommandMessage) -> None:
    log.warning(
        "not_carried_out", kind=command.type, call=picture.call.key, why="the hotline moves legs itself"
    )


def _listen(picture: Picture, command: CommandMessage) -> None:
    leg, target = picture.the(command.by), picture.the(command.target)
    if leg is None or target is None:
        return
    mode = command.mode or "monitor"
    leg.listens_to, leg.mode = target.key, mode
    if leg.place == "room":
        picture.order(leg, command.id, "listen", mode=mode)
    else:
        leg.place = "room"
        picture.changed(leg, command.id)
        picture.report(f"{command.id}.listens", "listen.started", leg=leg.key, mode=mode)


def _record(picture: Picture, command: CommandMessage) -> None:
    """The citizen's line is what is recorded: all they say and hear, whoever of ours comes and goes. With a leg it is
    a message, which that leg leaves after the prompts before it."""
    if command.leg is not None:
        if (leg := picture.the(command.leg)) is not None:
            picture.to_hear(leg, command, message=round(command.timeout or LONGEST_MESSAGE))
        return
    citizen = next((leg for leg in picture.legs.values() if leg.is_citizen), None)
    step = TAPE.get((picture.call.tape, command.action or "start"))
    if citizen is not None and citizen.ended_at is None and step is not None:
        picture.call.tape = step[0]
        picture.order(citizen, command.id, "record", action=step[1])


def _hangup(picture: Picture, command: CommandMessage) -> None:
    reason = command.reason or "normal"
    if command.leg is not None and command.leg not in picture.legs:
        picture.add_leg(
            command.leg, hangup_asked=reason
        )  # answers and the stream are two ways: its ring is to come
        return
    wanted = [command.leg] if command.leg is not None else list(picture.legs)
    for leg in [leg for key in wanted if (leg := picture.the(key)) is not None]:
        _put_down(picture, leg, command, reason)


def _put_down(picture: Picture, leg: TwimlLeg, command: CommandMessage, reason: str) -> None:
    if not leg.hangup_asked:
        leg.hangup_asked, leg.hangup_asked_at = reason, picture.now
    leg.version += 1
    if leg is not picture.asking:
        picture.hurry(leg)  # a request to ring that is to be tried again later need not wait to be in vain
        picture.order(leg, command.id, "hang_up")


def _into_room(picture: Picture, leg: TwimlLeg, command: CommandMessage) -> None:
    """Whatever was played to it stops. Who waits in the conference already need not be fetched: it begins."""
    waits_there = leg.place == "queue" and not leg.hears and leg.told == leg.version
    was = leg.place
    leg.place, leg.hears = "room", []
    if was == "queue":
        picture.stop_waiting(leg, "connected")
        picture.report(f"{command.id}.in.{leg.key}"[:64], "bridge.joined", leg=leg.key)
    if leg.held:
        leg.held = False
        picture.order(leg, command.id, "resume")
    if not waits_there and was != "room":
        picture.changed(leg, command.id)


def _ends_hold(picture: Picture, leg: TwimlLeg, command: CommandMessage) -> None:
    """It leaves the conference in which it was held, and the carrier tells nothing of that."""
    if leg.held:
        leg.held = False
        picture.report(f"{command.id}.resumed", "leg.resumed", leg=leg.key)


OBEY: dict[CommandType, Deed] = {
    CommandType.ANSWER: _answer,
    CommandType.PLAY: _play,
    CommandType.SAY: _play,
    CommandType.GATHER: _gather,
    CommandType.QUEUE: _queue,
    CommandType.RING: _ring,
    CommandType.CONNECT: _connect,
    CommandType.ADD: _add,
    CommandType.REMOVE: _remove,
    CommandType.HOLD: _hold,
    CommandType.RESUME: _resume,
    CommandType.TRANSFER: _transfer,
    CommandType.LISTEN: _listen,
    CommandType.RECORD: _record,
    CommandType.HANGUP: _hangup,
}
