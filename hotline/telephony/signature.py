"""How a switch and the hotline know each other: `Hotline-Signature: t=<unix>,v1=<hex HMAC-SHA256(secret, t.body)>`."""

from __future__ import annotations

import hashlib
import hmac
import re
import time

HEADER = "Hotline-Signature"
WINDOW = 300  # seconds
_SHAPE = re.compile(r"^t=(\d{1,12}),v1=([0-9a-f]{64})$")


def sign(secret: str, body: bytes, at: int | None = None) -> str:
    """The header's value for `body`, signed at `at` (seconds since 1970; default now)."""
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={_digest(secret, moment, body)}"


def verify(secret: str, body: bytes, header: str | None, now: float | None = None) -> bool:
    """Whether `header` signs `body` with `secret` within the window. Takes the same time for every wrong one."""
    match = _SHAPE.match(header or "")
    if match is None:
        return False
    moment = int(match[1])
    in_time = abs((time.time() if now is None else now) - moment) <= WINDOW
    return hmac.compare_digest(_digest(secret, moment, body), match[2]) and in_time


def why_not(header: str | None, now: float | None = None) -> str:
    """What a header that did not verify has against it, for the log."""
    match = _SHAPE.match(header or "")
    if match is None:
        return "no signature" if not header else "not the shape of a signature"
    ahead = int(match[1]) - (time.time() if now is None else now)
    if abs(ahead) > WINDOW:
        return f"its clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} ours"
    return "another secret, or altered"


def _digest(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
