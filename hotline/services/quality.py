"""What the telephone in the browser measured of a call."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import NotFound
from config.extensions import db
from config.transaction import transactional
from hotline.forms.quality import QualityReport
from hotline.models import Call, CallLeg, CallQuality


@transactional
def note_quality(person: Person, call: Call, report: QualityReport) -> None:
    """Keep the figures of one's own leg. Reports are sums since the leg was picked up: the longest one counts, so they
    may come twice and in any order."""
    ensure(person, "call:take")
    own = select(CallLeg.id).where(
        CallLeg.call_id == call.id, CallLeg.key == report.leg, CallLeg.agent_id == person.id
    )
    leg_id = db.session.scalar(own)
    if leg_id is None:
        raise NotFound(_("There is no such call."))
    row = {**report.model_dump(exclude={"leg"}), "leg_id": leg_id, "told_at": clock.now()}
    kept = insert(CallQuality).values(row)
    known = CallQuality.__table__.c
    db.session.execute(
        kept.on_conflict_do_update(
            index_elements=[known.leg_id],
            set_={name: kept.excluded[name] for name in row if name != "leg_id"},
            where=known.seconds <= kept.excluded.seconds,
        )
    )
