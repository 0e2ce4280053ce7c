"""The lines to the telephone network, as their switch finds them: a line that is down is the floor's first worry."""

from __future__ import annotations

import structlog
from sqlalchemy import func, select, update

from config.extensions import db
from config.live import tell
from hotline.models import Call, Trunk
from hotline.telephony.contract import EventMessage, EventType

log = structlog.get_logger(__name__)


def note(message: EventMessage) -> None:
    """The carrier's end answers again, or does so no more. Its calls are ended by the switch as their voices stop."""
    online = message.type is EventType.TRUNK_ONLINE
    changed = db.session.scalar(
        update(Trunk)
        .where(Trunk.name == message.trunk, Trunk.online.is_(not online))
        .values(online=online, changed_at=message.at, fell_times=Trunk.fell_times + int(not online))
        .returning(Trunk.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        return
    if online:
        log.info("trunk_up", trunk=message.trunk)
    else:
        live = select(func.count()).select_from(Call).where(Call.ended_at.is_(None))
        log.error("trunk_down", trunk=message.trunk, live_calls=db.session.scalar(live))
    tell("floor", "trunk", {"trunk": message.trunk, "online": online})
