"""What this floor tells the floors above, after the commit. Facts come as keywords, the sender is "hotline".

@call_ended.connect
def on_call_ended(sender, *, call_id, **facts): ...
"""

from __future__ import annotations

from typing import Any

from blinker import NamedSignal, Namespace

from config.transaction import after_commit

_signals = Namespace()

call_ringing = _signals.signal("hotline-call-ringing", "call_id, agent_id: a seat rings")
call_answered = _signals.signal(
    "hotline-call-answered", "call_id, agent_id: citizen and agent are on the line"
)
call_ended = _signals.signal(
    "hotline-call-ended", "call_id, agent_id or None, outgoing: whether we had called"
)
agent_changed = _signals.signal("hotline-agent-changed", "agent_id: another state")
queue_changed = _signals.signal(
    "hotline-queue-changed", "queue_id: somebody joined, left or is being offered"
)


def tell_after_commit(signal: NamedSignal, **facts: Any) -> None:
    """Send once the change is safe."""
    after_commit(signal.send, "hotline", **facts)
