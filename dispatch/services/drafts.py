"""What somebody is typing is kept: saved as they type, found again after a crash or the end of a session."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Person
from config import clock
from config.errors import TooLarge
from config.extensions import db
from config.transaction import transactional
from dispatch.models import CaseDraft

LONGEST = 100_000


def draft_key(call_no: str) -> str:
    """Where the typing of a case is kept: one for each call, and one for all else."""
    return f"case-{call_no or 'new'}"


@transactional
def save_draft(person: Person, key: str, fields: dict[str, Any]) -> datetime:
    """Keep the form's fields under `key`; the newest save holds. Returns when it was saved."""
    text = json.dumps(fields, ensure_ascii=False)
    if len(text) > LONGEST:
        raise TooLarge(_("This draft is too long to keep."))
    at = clock.now()
    row = {"person_id": person.id, "key": key[:64], "sealed": text, "version": 1, "saved_at": at}
    statement = insert(CaseDraft).values(**row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "key"],
            set_={
                "sealed": statement.excluded.sealed,
                "saved_at": statement.excluded.saved_at,
                "version": CaseDraft.version + 1,
            },
        )
    )
    return at


def load_draft(person: Person, key: str) -> tuple[dict[str, Any], datetime] | None:
    """The fields and when they were saved."""
    row = db.session.scalar(
        select(CaseDraft).where(CaseDraft.person_id == person.id, CaseDraft.key == key[:64])
    )
    return (json.loads(row.sealed), row.saved_at) if row else None


@transactional
def discard_draft(person: Person, key: str) -> None:
    """Forget it: the form was sent, or thrown away."""
    db.session.execute(delete(CaseDraft).where(CaseDraft.person_id == person.id, CaseDraft.key == key[:64]))
