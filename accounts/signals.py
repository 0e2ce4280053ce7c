"""What this floor tells the floors above, after the commit. Facts come as keywords, the sender is "accounts"."""

from __future__ import annotations

from typing import Any

from blinker import NamedSignal, Namespace

from config.transaction import after_commit

_signals = Namespace()

session_ended = _signals.signal("accounts-session-ended", "person_id, session_id: one browser was signed out")
rights_changed = _signals.signal(
    "accounts-rights-changed", "person_id: a role was granted or withdrawn, or they work elsewhere now"
)


def tell_after_commit(signal: NamedSignal, **facts: Any) -> None:
    """Send once the change is safe."""
    after_commit(signal.send, "accounts", **facts)
