"""The city's two switches: straight to a person, and the emergency broadcast. They act on the next caller."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Invalid
from config.extensions import db
from config.transaction import transactional
from hotline.ivr.document import Prompt
from hotline.models import IvrSwitch


def switches() -> IvrSwitch | None:
    """How they stand; None while nobody ever touched them."""
    return db.session.scalars(select(IvrSwitch)).one_or_none()


@transactional
def go_straight(person: Person | None, on: bool) -> None:
    """Everybody gets a person at once, or the flows are walked again."""
    _set(person, straight=on)
    audit.record("ivr:straight", person, detail={"on": on})


@transactional
def broadcast(person: Person | None, on: bool, prompt: Prompt) -> None:
    """What every caller hears first, where the flow has the node for it; refused without words."""
    if on and prompt.is_silent:
        raise Invalid(fields={"text": _("Write down what callers shall hear.")})
    _set(person, broadcast_on=on, broadcast=prompt.model_dump())
    audit.record("ivr:broadcast", person, detail={"on": on, "text": prompt.text, "sound": prompt.sound})


def _set(person: Person | None, **values: Any) -> None:
    if person is not None:
        ensure(person, "ivr:switch")
    changed = {**values, "changed_at": clock.now(), "changed_by_id": person.id if person else None}
    first = {"id": 1, "straight": False, "broadcast_on": False, "broadcast": {}, **changed}
    db.session.execute(
        insert(IvrSwitch.__table__).values(first).on_conflict_do_update(index_elements=["id"], set_=changed)
    )
    db.session.expire_all()
