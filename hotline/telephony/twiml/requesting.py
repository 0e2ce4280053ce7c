"""What each order asks of the carrier, from what is known of the leg when its turn has come."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from config.extensions import db
from config.settings import settings
from hotline.models import Seat
from hotline.telephony.twiml.addresses import door
from hotline.telephony.twiml.models import TwimlLeg, TwimlOrder
from hotline.telephony.twiml.rest import Request
from hotline.telephony.twiml.sounds import has_music

RING_TIMEOUT = 20
RECORDING = {"resume": "in-progress", "pause": "paused", "stop": "stopped"}


class NotYet(Exception):
    """The carrier has not told us a name we need; it will."""


def request_for(order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    """None if there is nothing to ask any more. Raises NotYet."""
    if order.kind == "surplus":
        return Request("POST", f"/Calls/{order.facts['sid']}.json", {"Status": "completed"})
    if leg.ended_at is not None:
        return None
    return REQUESTS[order.kind](order, leg)


def address_of(leg: TwimlLeg) -> str:
    """Where a leg's telephone is: a seat is a SIP telephone or has an address of its own, all others have numbers."""
    if leg.seat is None:
        return leg.number or ""
    seat = db.session.scalars(select(Seat).where(Seat.number == leg.seat)).one_or_none()
    if seat is not None and seat.address:
        return seat.address
    return f"sip:{leg.seat}@{settings().twiml_sip_domain}"


def _ring(order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    if leg.sid is not None or leg.hangup_asked:
        return None  # it rings already: an answer of the carrier's that we did not hear
    form: dict[str, str | list[str]] = {
        "To": address_of(leg),
        "From": order.facts.get("shown") or _shown(leg),
        "Url": door("legs", leg.key),
        "Method": "POST",
        "StatusCallback": door("legs", leg.key, "status"),
        "StatusCallbackEvent": ["ringing", "completed"],
        "StatusCallbackMethod": "POST",
        "Timeout": str(round(order.facts.get("timeout") or RING_TIMEOUT)),
    }
    return Request("POST", "/Calls.json", form)


def _shown(leg: TwimlLeg) -> str:
    """At a seat the citizen's number; a carrier lets nobody outside be shown any but ours."""
    if leg.seat is None:
        return settings().twiml_number
    legs = db.session.scalars(select(TwimlLeg).where(TwimlLeg.call_id == leg.call_id).order_by(TwimlLeg.id))
    found = next((one for one in legs if one.is_citizen), None)
    return (found.number if found is not None else None) or settings().twiml_number


def _refresh(_order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    if leg.told >= leg.version or leg.hangup_asked:
        return None  # it has asked by itself meanwhile
    return Request("POST", _call(leg), {"Url": door("legs", leg.key), "Method": "POST"})


def _hang_up(_order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    if leg.sid is None:
        return None  # never rung: its ring finds that it is unwanted
    return Request("POST", _call(leg), {"Status": "completed" if leg.answered_at else "canceled"})


def _hold(_order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    if not leg.held:
        return None
    form = {"Hold": "true"}
    form |= (
        {"HoldUrl": door("music", leg.music or "default"), "HoldMethod": "POST"}
        if has_music(leg.music or "default")
        else {}
    )
    return Request("POST", _participant(leg), form)


def _resume(_order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    return Request("POST", _participant(leg), {"Hold": "false"}) if not leg.held else None


def _listen(order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    mode = order.facts["mode"]
    if mode != leg.mode or leg.listens_to is None:
        return None
    form = {"Muted": "true" if mode == "monitor" else "false"}
    if mode == "whisper":
        target = db.session.scalars(select(TwimlLeg).where(TwimlLeg.key == leg.listens_to)).one()
        form |= {"Coaching": "true", "CallSidToCoach": target.sid or ""}
    else:
        form |= {"Coaching": "false"}
    return Request("POST", _participant(leg), form)


def _record(order: TwimlOrder, leg: TwimlLeg) -> Request | None:
    action = order.facts["action"]
    recordings = _call(leg).removesuffix(".json") + "/Recordings"
    if action == "start":
        form: dict[str, str | list[str]] = {
            "RecordingStatusCallback": door("recordings"),
            "RecordingStatusCallbackEvent": ["in-progress", "completed", "absent"],
            "RecordingStatusCallbackMethod": "POST",
            "RecordingChannels": "mono",
            "RecordingTrack": "both",
        }
        return Request("POST", f"{recordings}.json", form)
    told = {"Status": RECORDING[action]} | ({"PauseBehavior": "skip"} if action == "pause" else {})
    return Request("POST", f"{recordings}/Twilio.CURRENT.json", told)


def _call(leg: TwimlLeg) -> str:
    if leg.sid is None:
        raise NotYet
    return f"/Calls/{leg.sid}.json"


def _participant(leg: TwimlLeg) -> str:
    if leg.conference is None or leg.sid is None:
        raise NotYet
    return f"/Conferences/{leg.conference}/Participants/{leg.sid}.json"


REQUESTS: dict[str, Callable[[TwimlOrder, TwimlLeg], Request | None]] = {
    "ring": _ring,
    "refresh": _refresh,
    "hang_up": _hang_up,
    "hold": _hold,
    "resume": _resume,
    "listen": _listen,
    "record": _record,
}
