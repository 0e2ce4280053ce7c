"""After a start of ours or of the switch: compare what Asterisk has with what we and the hotline believe.

Channels that carry the name of a call are adopted; a leg the hotline believes alive and Asterisk does not know is
reported as lost; recordings that ended while nobody listened are reported now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog

from hotline.telephony.asterisk import news
from hotline.telephony.asterisk.ari import Refused
from hotline.telephony.asterisk.model import Call
from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.callers import number_of
from hotline.telephony.contract import EventMessage

log = structlog.get_logger(__name__)


async def reconcile(switch: Switch, believed: Iterable[EventMessage]) -> None:
    """`believed`: for each leg the hotline has heard of and not heard the end of, the event that tells its loss."""
    channels = {channel["id"]: channel for channel in await switch.ari.get("/channels")}
    rooms = {bridge["id"]: bridge for bridge in await switch.ari.get("/bridges")}
    lost = 0
    for leg in list(switch.legs.values()):
        if leg.key not in channels:
            switch.ended(leg, cause="lost", by="switch")
            lost += 1
    adopted = [channel for channel in channels.values() if _adopt(switch, channel, rooms)]
    for event in believed:
        if event.leg not in channels and event.leg not in switch.legs:
            switch.report(
                Call(event.call or "", seq=event.seq), "leg.ended", leg=event.leg, cause="lost", by="switch"
            )
            lost += 1
    for name in await switch.tapes.untold():
        await _look_after_tape(switch, name)
    for endpoint in await switch.ari.get("/endpoints/PJSIP"):
        news.tell_seat(switch, endpoint)
    log.info("reconciled", channels=len(channels), adopted=len(adopted), lost=lost)


def _adopt(switch: Switch, channel: dict[str, Any], rooms: dict[str, Any]) -> bool:
    """Take over a leg that an agent before this one made. True if it was news."""
    known = channel.get("channelvars") or {}
    call_id = known.get("HOTLINE_CALL")
    if not call_id or channel["id"] in switch.legs or channel["id"].startswith("ear-"):
        return False
    call = switch.open_call(call_id)
    number = known.get("HOTLINE_NUMBER") or None
    first = channel["id"] == call_id
    if first:
        number = number_of((channel.get("caller") or {}).get("number"))
    leg = switch.add_leg(call, channel["id"], seat=known.get("HOTLINE_SEAT") or None, number=number)
    call.room_made = call.room in rooms
    leg.booth_made = leg.booth in rooms
    leg.in_room = call.room_made and channel["id"] in rooms[call.room]["channels"]
    if first:
        switch.report(call, "call.incoming", leg=leg.key, **{"from": number}, to=None)
    if channel["state"] == "Up":
        switch.answered(leg)
        leg.held = first and call.room_made and not leg.in_room
    return True


async def _look_after_tape(switch: Switch, name: str) -> None:
    """A recording begun before: still running, or to be told of now."""
    call_id = news.call_of_tape(name)
    call = switch.calls.get(call_id)
    try:
        running = await switch.ari.get(f"/recordings/live/{name}")
    except Refused:
        known = call or Call(call_id, seq=news.AFTER_THE_CALL)
        await news.tell_recording(switch, known, name, None)
        return
    if call is not None and not news.leg_of_message(name):
        call.tape, call.tape_paused = name, running.get("state") == "paused"
