"""What dispatch tells the floors above, after the commit."""

from blinker import Namespace

_signals = Namespace()

case_changed = _signals.signal("case-changed")
"""Sent with `case_id`, `action`, `from_state`, `to_state`."""
