"""How each command is carried out on Asterisk. Raises what `ari` raises; the switch knows what that means."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from config.ids import new_id
from config.phones import dialled_at_home
from hotline.telephony.asterisk.ari import APPLICATION, Away, Refused
from hotline.telephony.asterisk.media import Heard, Spoken
from hotline.telephony.asterisk.model import Call, Leg
from hotline.telephony.contract import CommandMessage, CommandType

if TYPE_CHECKING:
    from hotline.telephony.asterisk.switch import Switch

log = structlog.get_logger(__name__)

RING_TIMEOUT = 20
LONGEST_MESSAGE = 180
A_CHANNEL_TAKES = 5.0  # seconds until Asterisk must have made a channel
WHISPERS = {"monitor": "none", "whisper": "out"}
OUR_REASONS = frozenset({"normal", "busy", "congestion", "no_answer"})
"""What ARI takes as the reason of a hang-up."""
Order = Callable[["Switch", Call, Leg, CommandMessage], Awaitable[None]]


async def carry_out(switch: Switch, call: Call, command: CommandMessage) -> None:
    """Do what the command says. A leg that is gone by now is no error: the telephone was quicker."""
    if command.type is CommandType.RING:
        return await _ring(switch, call, command)
    if command.type is CommandType.CONNECT:
        return await _connect(switch, call, command)
    if command.type is CommandType.RECORD and command.leg is None:
        return await _record(switch, call, command)
    if command.type is CommandType.LISTEN:
        return await _listen(switch, call, command)
    if command.leg is not None and command.leg not in call.legs:
        if command.type is CommandType.HANGUP:
            switch.unwant(command.leg)
        return None
    legs = [call.legs[command.leg]] if command.leg else call.live_legs
    if command.leg is None and command.type is not CommandType.HANGUP:
        legs = legs[:1]
    for leg in legs:
        if not leg.ended:
            await ORDERS[command.type](switch, call, leg, command)
    return None


async def _answer(switch: Switch, _call: Call, leg: Leg, _command: CommandMessage) -> None:
    """Take a caller's call. A telephone that rings at a seat is picked up by whoever sits there."""
    if leg.seat is None and not leg.answered:
        await switch.ari.post(f"/channels/{leg.key}/answer")
        switch.answered(leg)


async def _play(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    leg.media.add(Heard(command.prompt or "", await _sound(switch, command)))


async def _gather(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    leg.media.add(
        Heard(
            command.prompt or "",
            await _sound(switch, command),
            keys=command.max or 1,
            timeout=command.timeout if command.timeout is not None else 3.0,
            finish=command.finish or "",
        )
    )


async def _sound(switch: Switch, command: CommandMessage) -> str | None:
    """The recording named; else the words, spoken; else what stands under the prompt's name in its folder."""
    if command.sound and (found := await switch.prompts.recorded(command.sound)) is not None:
        return found
    if command.text:
        return await switch.prompts.spoken(command.text, command.language)
    return await switch.prompts.sound(command.prompt or "")


async def _queue(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    """Music to the channel itself: a holding bridge entered a second time stays silent."""
    await _leave_room(switch, call, leg)
    leg.music = command.music or "default"
    await switch.ari.post(f"/channels/{leg.key}/moh", mohClass=leg.music)
    _ends_hold(switch, call, leg)
    if leg.waiting_since is None:
        leg.waiting_since = asyncio.get_running_loop().time()
        switch.report(call, "queue.joined", leg=leg.key)


async def _ring(switch: Switch, call: Call, command: CommandMessage) -> None:
    """A new channel under the name the hotline chose, to a seat or through the trunk."""
    key = command.leg
    if key is None or key in call.legs:
        return None
    leg = switch.add_leg(call, key, seat=command.seat, number=command.number, role=command.role or "")
    if switch.is_unwanted(key):
        return switch.ended(leg, cause="call_over", by="switch")
    endpoint = (
        f"PJSIP/{command.seat}"
        if command.seat
        else f"PJSIP/{dialled_at_home(command.number or '')}@{switch.trunk}"
    )
    known = {
        "HOTLINE_CALL": call.id,
        "HOTLINE_SEAT": command.seat or "",
        "HOTLINE_NUMBER": command.number or "",
        "HOTLINE_ROLE": leg.role,
    }
    if command.seat:
        known["PJSIP_HEADER(add,X-Hotline-Leg)"] = (
            key  # a telephone in the browser tells by it whose ring this is
        )
    first = call.live_legs[0] if call.live_legs[0] is not leg else None
    here = switch.expect(key)
    shown = command.as_ or (first.number if first is not None and command.seat else None)
    log.debug("rings", leg=key)
    try:
        await switch.ari.post(
            "/channels/create",
            {"variables": {**known, **({"CALLERID(num)": shown} if shown else {})}},
            endpoint=endpoint,
            app=APPLICATION,
            appArgs="leg",
            channelId=key,
            originator=first.key if first is not None else None,
        )
        await asyncio.wait_for(here.wait(), A_CHANNEL_TAKES)
        await switch.ari.post(f"/channels/{key}/dial", timeout=round(command.timeout or RING_TIMEOUT))
    except (Refused, TimeoutError) as error:
        log.info("cannot_ring", endpoint=endpoint, said=str(error))
        await switch.ari.delete(f"/channels/{key}")
        # A seat's telephone is away; a number is not rung because the trunk is, which says nothing of who lives there.
        switch.ended(leg, cause="unreachable" if command.seat else "congestion", by="switch")
    return None


async def _connect(switch: Switch, call: Call, command: CommandMessage) -> None:
    for key in command.legs or ():
        if (leg := call.legs.get(key)) is not None and not leg.ended:
            await _join_room(switch, call, leg)


async def _hold(switch: Switch, call: Call, leg: Leg, _command: CommandMessage) -> None:
    if not leg.held:
        await _leave_room(switch, call, leg)
        await switch.ari.post(f"/channels/{leg.key}/moh", mohClass="default")
        leg.held = True
        switch.report(call, "leg.held", leg=leg.key)


async def _resume(switch: Switch, call: Call, leg: Leg, _command: CommandMessage) -> None:
    if leg.held:
        await _join_room(switch, call, leg)


async def _add(switch: Switch, call: Call, leg: Leg, _command: CommandMessage) -> None:
    await _join_room(switch, call, leg)


async def _remove(switch: Switch, call: Call, leg: Leg, _command: CommandMessage) -> None:
    """Out of room, music and hold: what is played from now on is for them alone."""
    await _leave_room(switch, call, leg)
    if leg.waiting_since is not None or leg.held:
        await switch.ari.delete(f"/channels/{leg.key}/moh")
    switch.stop_waiting(leg, "removed")
    _ends_hold(switch, call, leg)


async def _message(switch: Switch, call: Call, leg: Leg, command: CommandMessage) -> None:
    """What the leg says by itself is recorded, after the prompts before it."""
    name = f"{call.id}.v.{leg.key}.{new_id()}"
    switch.tapes.begun(name)
    switch.report(call, "recording.started", leg=leg.key, prompt=command.prompt)
    leg.media.add(Spoken(name, round(command.timeout or LONGEST_MESSAGE), command.finish or ""))


async def music_again(switch: Switch, leg: Leg) -> None:
    """A prompt silences the music; whoever waits hears it again afterwards."""
    if leg.waiting_since is not None and not leg.ended:
        with suppress(Refused, Away):
            await switch.ari.post(f"/channels/{leg.key}/moh", mohClass=leg.music or "default")


async def _transfer(_switch: Switch, call: Call, _leg: Leg, command: CommandMessage) -> None:
    log.warning("not_carried_out", kind=command.type, call=call.id, why="the hotline moves legs itself")


async def _listen(switch: Switch, call: Call, command: CommandMessage) -> None:
    """`by` hears `target` through a snoop channel in a room of their own, or comes into the call's room (barge)."""
    listener, target = call.legs.get(command.by or ""), call.legs.get(command.target or "")
    if listener is None or listener.ended or target is None or target.ended:
        return
    if listener.ear is not None:
        ear, listener.ear = listener.ear, None
        await switch.ari.delete(f"/channels/{ear}")
    if command.mode == "barge":
        await _join_room(switch, call, listener)
        await switch.ari.delete(f"/bridges/{listener.booth}")
        listener.booth_made = False
    else:
        await _leave_room(switch, call, listener)
        ear = f"ear-{new_id()}"
        here = switch.expect(ear)
        whisper = WHISPERS.get(command.mode or "monitor", "none")
        await switch.ari.post(
            f"/channels/{target.key}/snoop/{ear}", spy="both", whisper=whisper, app=APPLICATION, appArgs="ear"
        )
        await asyncio.wait_for(here.wait(), A_CHANNEL_TAKES)
        listener.ear = ear
        if not listener.booth_made:
            await switch.ari.post(f"/bridges/{listener.booth}", type="mixing", name=listener.booth)
            listener.booth_made = True
        await switch.ari.post(f"/bridges/{listener.booth}/addChannel", channel=f"{ear},{listener.key}")
    switch.report(call, "listen.started", leg=listener.key, mode=command.mode or "monitor")


async def _record(switch: Switch, call: Call, command: CommandMessage) -> None:
    tape = call.tape
    match command.action:
        case "pause" if tape and not call.tape_paused:
            await switch.ari.post(f"/recordings/live/{tape}/pause")
            call.tape_paused = True
        case "stop" if tape:
            call.tape = None
            await switch.ari.post(f"/recordings/live/{tape}/stop")
        case "start" if tape and call.tape_paused:
            await switch.ari.delete(f"/recordings/live/{tape}/pause")
            call.tape_paused = False
        case "start" if tape is None:
            await _make_room(switch, call)
            tape = f"{call.id}.r{new_id()}"
            switch.tapes.begun(tape)
            await switch.ari.post(f"/bridges/{call.room}/record", name=tape, format="wav", ifExists="fail")
            call.tape, call.tape_paused = tape, False
            switch.report(call, "recording.started")


async def _hangup(switch: Switch, _call: Call, leg: Leg, command: CommandMessage) -> None:
    leg.hangup_asked = command.reason or "normal"
    await switch.ari.delete(
        f"/channels/{leg.key}", reason=leg.hangup_asked if leg.hangup_asked in OUR_REASONS else "normal"
    )


async def _make_room(switch: Switch, call: Call) -> None:
    if not call.room_made:
        await switch.ari.post(f"/bridges/{call.room}", type="mixing", name=call.room)
        call.room_made = True


async def _join_room(switch: Switch, call: Call, leg: Leg) -> None:
    """Whatever was played to the leg stops, and everybody in the room hears it."""
    leg.media.silence()
    if leg.waiting_since is not None or leg.held:
        await switch.ari.delete(f"/channels/{leg.key}/moh")
    if not leg.in_room:
        await _make_room(switch, call)
        await switch.ari.post(f"/bridges/{call.room}/addChannel", channel=leg.key)
    switch.stop_waiting(leg, "connected")
    _ends_hold(switch, call, leg)
    switch.into_room(leg)


def _ends_hold(switch: Switch, call: Call, leg: Leg) -> None:
    if leg.held:
        leg.held = False
        switch.report(call, "leg.resumed", leg=leg.key)


async def _leave_room(switch: Switch, call: Call, leg: Leg) -> None:
    if leg.in_room:
        await switch.ari.post(f"/bridges/{call.room}/removeChannel", channel=leg.key)
        switch.out_of_room(leg)


ORDERS: dict[CommandType, Order] = {
    CommandType.ANSWER: _answer,
    CommandType.PLAY: _play,
    CommandType.SAY: _play,
    CommandType.GATHER: _gather,
    CommandType.QUEUE: _queue,
    CommandType.HOLD: _hold,
    CommandType.RESUME: _resume,
    CommandType.ADD: _add,
    CommandType.REMOVE: _remove,
    CommandType.RECORD: _message,
    CommandType.TRANSFER: _transfer,
    CommandType.HANGUP: _hangup,
}
