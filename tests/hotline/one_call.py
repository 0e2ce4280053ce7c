"""What a switch tells of one call, event by event."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config import clock
from config.ids import new_id
from hotline.telephony.signature import HEADER, sign

Tell = Callable[..., list[dict[str, Any]]]
"""`tell(call, kind, leg, **facts)` → the commands that are answered."""


@dataclass(frozen=True)
class Signed:
    """An event as it travels."""

    id: str
    body: bytes
    headers: dict[str, str]


def signed(secret: str, call: str, kind: str, leg: str, **facts: Any) -> Signed:
    event = {
        "id": new_id(),
        "at": clock.now().isoformat(),
        "provider": "simulator",
        "call": call,
        "leg": leg,
        "type": kind,
    }
    body = json.dumps({**event, **facts}).encode()
    return Signed(event["id"], body, {HEADER: sign(secret, body), "Content-Type": "application/json"})


def one_call(tell: Tell) -> str:
    """From the ring to the end; its key."""
    call = f"c-{new_id()}"
    citizen = f"{call}-c"
    commands = tell(call, "call.incoming", citizen, **{"from": "+8613912340042", "to": "12345"})
    (asked,) = [command["prompt"] for command in commands if command["type"] == "gather"]
    commands = tell(call, "digits", citizen, value="1", prompt=asked)
    (seat,) = [command["leg"] for command in commands if command["type"] == "ring"]
    tell(call, "leg.ringing", seat)
    commands = tell(call, "leg.answered", seat)
    assert [command["type"] for command in commands] == ["connect", "record"]
    tell(call, "leg.ended", citizen, cause="normal", by="caller")
    tell(call, "leg.ended", seat, cause="normal", by="hotline")
    return call
