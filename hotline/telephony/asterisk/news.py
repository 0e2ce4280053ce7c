"""What Asterisk tells, and what that means to the hotline. An event nobody has a use for is counted, never an error."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from hotline import prompts
from hotline.telephony.asterisk.ari import Away, Refused
from hotline.telephony.asterisk.model import Call, Leg
from hotline.telephony.callers import NUMBER, number_of
from hotline.telephony.contract import FALLBACK

if TYPE_CHECKING:
    from hotline.telephony.asterisk.switch import Switch

log = structlog.get_logger(__name__)

CAUSES = {
    1: "unreachable", 3: "unreachable", 16: "normal", 17: "busy", 18: "no_answer", 19: "no_answer",
    20: "unreachable", 21: "rejected", 26: "answered_elsewhere", 27: "unreachable", 31: "normal",
    34: "congestion", 38: "failed", 41: "failed", 42: "congestion", 44: "busy",
}  # fmt: skip
"""Hang-up causes of ITU-T Q.850, as Asterisk numbers them."""
NO_VOICE = frozenset({44})
"""How Asterisk ends a talk in which no voice has come for `rtp_timeout`; of a ring it means busy."""
APOLOGY: dict[str, Any] = {"context": "hotline-apology", "extension": "s", "priority": 1}
STARTS_WITHIN = 15.0
"""Seconds the web may take to start beside us; as long as the dialplan asks for an agent process."""
SETTLES_IN = 0.3
CONTACT = re.compile(r"sips?:([^;>\s]{1,128})")
SEAT = re.compile(r"[\x21-\x7e]{1,32}")


def hear(switch: Switch, event: dict[str, Any]) -> None:
    """Take one event."""
    kind = str(event.get("type"))
    switch.counts[f"ari_{kind}"] += 1
    if (heard := HEARD.get(kind)) is not None:
        heard(switch, event)


def _started(switch: Switch, event: dict[str, Any]) -> None:
    """A channel is in our hands: a citizen, a leg we made, or an ear."""
    channel, arguments = event["channel"], event.get("args") or [""]
    switch.is_here(channel["id"])
    if arguments[0] == "inbound":
        _incoming(switch, channel, arguments[1] if len(arguments) > 1 else "")
    elif arguments[0] == "outbound":
        # A telephone that dials by itself: calls begin in the workbench, where they are counted.
        switch.counts["dialled_by_hand"] += 1
        switch.start(_put_down(switch, channel["id"]))


def _incoming(switch: Switch, channel: dict[str, Any], dialled: str) -> None:
    if channel["id"] in switch.legs:
        return
    call = switch.open_call(channel["id"])
    number = number_of((channel.get("caller") or {}).get("number"))
    leg = switch.add_leg(call, channel["id"], number=number)
    to = dialled if NUMBER.fullmatch(dialled) else None
    facts: dict[str, Any] = {"from": number, "to": to}  # `from` is a word of Python's
    switch.report(call, "call.incoming", leg=leg.key, **facts)
    switch.start(apologise_unless_answered(switch, leg))


async def apologise_unless_answered(switch: Switch, leg: Leg) -> None:
    """The hotline is slow or away: the dialplan apologises and goes to the fallback number.

    Where everything of ours begins anew, the web is there some seconds after us: a caller's time begins when it has
    answered for the first time, if it does so as soon as the dialplan would wait for a process of ours.
    """
    loop = asyncio.get_running_loop()
    came = loop.time()
    with suppress(TimeoutError):
        await asyncio.wait_for(switch.hotline_answers.wait(), max(0.0, switch.began + STARTS_WITHIN - came))
    await asyncio.sleep(switch.patience)
    if leg.answered or leg.ended or leg.hangup_asked:
        return
    log.error("hotline_does_not_answer", call=leg.call.id, waited=round(loop.time() - came, 1))
    switch.counts["apologies"] += 1
    switch.ended(leg, cause=FALLBACK, by="switch")
    try:
        await switch.ari.post(f"/channels/{leg.key}/continue", **APOLOGY)
    except (Refused, Away) as error:
        log.warning("no_apology", call=leg.call.id, error=str(error))


async def _put_down(switch: Switch, channel: str) -> None:
    try:
        await switch.ari.delete(f"/channels/{channel}", reason="congestion")
    except (Refused, Away) as error:
        log.info("not_put_down", channel=channel, error=str(error))


def _changed(switch: Switch, event: dict[str, Any]) -> None:
    leg = switch.legs.get(event["channel"]["id"])
    if leg is None:
        return
    if event["channel"]["state"] == "Ringing":
        leg.rang = True
        switch.report(leg.call, "leg.ringing", leg=leg.key)
    elif event["channel"]["state"] == "Up":
        switch.answered(leg)


def _destroyed(switch: Switch, event: dict[str, Any]) -> None:
    leg = switch.legs.get(event["channel"]["id"])
    if leg is not None:
        switch.ended(leg, cause=_cause(leg, event.get("cause")), by=_by(leg, event.get("cause")))


def _cause(leg: Leg, number: Any) -> str:
    cause = CAUSES.get(number, f"q850_{number}")
    if not leg.answered and leg.is_ours and cause in ("normal", "no_answer") and not leg.hangup_asked:
        # The switch's own ring time-out. Of a number outside the network does not always tell that it rings.
        return "no_answer" if leg.rang or leg.seat is None else "unreachable"
    if leg.answered and number in NO_VOICE:
        return "gone"
    return cause


def _by(leg: Leg, number: Any) -> str:
    if leg.hangup_asked:
        return "hotline"
    if (leg.answered and number in NO_VOICE) or CAUSES.get(number) not in ("normal", "busy", "rejected"):
        return "switch"
    return "agent" if leg.is_ours else "caller"


def _digit(switch: Switch, event: dict[str, Any]) -> None:
    if (leg := switch.legs.get(event["channel"]["id"])) is not None:
        before = leg.media.dropped
        listens = leg.waiting_since is None and not leg.in_room
        leg.media.key(str(event["digit"])[:1], kept=listens)
        if leg.media.dropped > before:
            switch.counts["keys_dropped"] += 1
            if before == 0:
                log.warning("keys_flood", call=leg.call.id, leg=leg.key)


def _played(switch: Switch, event: dict[str, Any]) -> None:
    playback = str(event["playback"]["id"])
    if (leg := switch.legs.get(playback.rpartition(".p")[0])) is not None:
        leg.media.finished(playback)


def _left_room(switch: Switch, event: dict[str, Any]) -> None:
    """Also without an order of ours: a channel that was taken away."""
    leg = switch.legs.get(event["channel"]["id"])
    if leg is not None and event["bridge"]["id"] == leg.call.room:
        switch.out_of_room(leg)


def _recorded(switch: Switch, event: dict[str, Any]) -> None:
    name = str(event["recording"]["name"])
    call_id, leg = call_of_tape(name), switch.legs.get(leg_of_message(name))
    if leg is not None:
        leg.media.finished(name)
    if call_id and name not in switch.told_tapes:  # Asterisk tells it once per bridge and once per channel
        switch.told_tapes.add(name)
        call = switch.calls.get(call_id) or Call(call_id, seq=AFTER_THE_CALL)
        switch.start(tell_recording(switch, call, name, event["recording"].get("duration")))


TAPE = re.compile(r"(?P<call>.+)\.(?:r|v\.(?P<leg>.+)\.)(?P<id>[0-9a-z]+)")
"""A recording's name: of a talk `CALL.rID`, of a message left by one leg `CALL.v.LEG.ID`."""


def call_of_tape(name: str) -> str:
    """Whose recording it is; empty for one that is none of ours."""
    found = TAPE.fullmatch(name)
    return found["call"] if found else ""


def leg_of_message(name: str) -> str:
    """Who left this message; empty for the recording of a talk."""
    found = TAPE.fullmatch(name)
    return (found["leg"] or "") if found else ""


AFTER_THE_CALL = 500_000  # a seq for what is told of a call that is over


async def tell_recording(switch: Switch, call: Call, name: str, duration: Any) -> None:
    """Report a finished file with its checksum, so that what is fetched later is proved to be this."""
    try:
        sound = await switch.ari.file(f"/recordings/stored/{name}/file")
    except (Refused, Away) as error:
        log.error("recording_lost", name=name, error=str(error))
        switch.counts["recordings_lost"] += 1
        return
    if not isinstance(duration, int | float) or duration < 0:
        duration = max(0, len(sound) - 44) / 16_000
    leg = leg_of_message(name)
    switch.report(
        call,
        "recording.ready",
        leg=leg or None,
        prompt=prompts.VOICEMAIL if leg else None,
        url=f"ari:recordings/stored/{name}/file",
        seconds=float(duration),
        sha256=hashlib.sha256(sound).hexdigest(),
    )
    switch.tapes.told(name)


def _recording_failed(switch: Switch, event: dict[str, Any]) -> None:
    """A full disk, most often. The talk goes on; the operations team must know."""
    switch.counts["recordings_failed"] += 1
    log.error("recording_failed", name=event["recording"].get("name"), why=event["recording"].get("cause"))


def _endpoint(switch: Switch, event: dict[str, Any]) -> None:
    endpoint = event.get("endpoint") or {}
    seat = str(endpoint.get("resource") or "")
    if endpoint.get("technology") == "PJSIP" and SEAT.fullmatch(seat):
        _note_contact(switch, seat, event.get("contact_info") or {})
        switch.start(_look_at_seat(switch, seat))


def _note_contact(switch: Switch, seat: str, contact: dict[str, Any]) -> None:
    """Where a telephone registered. Of one that takes another's place both are told, in either order."""
    found = CONTACT.match(str(contact.get("uri") or ""))
    if found is None:
        return
    if contact.get("contact_status") != "Removed":
        switch.contacts[seat] = found[1]
    elif switch.contacts.get(seat) == found[1]:
        del switch.contacts[seat]


async def _look_at_seat(switch: Switch, seat: str) -> None:
    """The event is told while the change is under way; what the endpoint itself says afterwards counts."""
    await asyncio.sleep(SETTLES_IN)
    try:
        tell_seat(switch, await switch.ari.get(f"/endpoints/PJSIP/{seat}"))
    except (Refused, Away) as error:
        log.info("seat_not_looked_at", seat=seat, error=str(error))


def tell_seat(switch: Switch, endpoint: dict[str, Any]) -> None:
    """Whether a telephone is registered, or the carrier's end answers. Seats we do not know harm nobody."""
    seat, state = str(endpoint.get("resource") or ""), endpoint.get("state")
    if seat == switch.trunk:
        if state in ("online", "offline"):
            switch.report_trunk(seat, state == "online")
    elif SEAT.fullmatch(seat):
        online = state == "online"
        switch.report_seat(seat, online, switch.contacts.get(seat) if online else None)


HEARD: dict[str, Callable[[Switch, dict[str, Any]], None]] = {
    "StasisStart": _started,
    "ChannelStateChange": _changed,
    "ChannelDestroyed": _destroyed,
    "ChannelDtmfReceived": _digit,
    "PlaybackFinished": _played,
    "ChannelLeftBridge": _left_room,
    "RecordingFinished": _recorded,
    "RecordingFailed": _recording_failed,
    "PeerStatusChange": _endpoint,
    "ContactStatusChange": _endpoint,
}
