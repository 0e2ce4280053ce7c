"""What this subsystem tells the floors above, after commit."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

knowledge_published = _signals.signal("knowledge_published")
"""`send(item_id, version_number=…)`: a version came into force of publication."""
knowledge_retired = _signals.signal("knowledge_retired")
"""`send(item_id)`: an item has no published version any more."""
knowledge_used = _signals.signal("knowledge_used")
"""`send(item_id, person_id=…, kind=…, subject=…)`: somebody opened, copied or quoted it."""
wording_changed = _signals.signal("wording_changed")
"""`send(group_id)`: editors changed the search dictionary."""
