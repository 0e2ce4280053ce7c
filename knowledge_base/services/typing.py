"""Keep what is being typed, until it is saved or thrown away. It is its writer's alone, and no version of anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Person
from config import clock
from config.errors import TooLarge
from config.extensions import db
from config.transaction import transactional
from knowledge_base.models import KnowledgeTyping

MOST = 2_000_000
"""Characters of a form as JSON: twice the longest body, escaped."""


@transactional
def keep_typing(person: Person, key: str, data: Mapping[str, Any]) -> None:
    """Remember the fields of a form; what was remembered before is replaced."""
    if len(text := json.dumps(data)) > MOST:
        raise TooLarge(_("This is larger than what we take."))
    row = insert(KnowledgeTyping).values(
        person_id=person.id,
        key=key[:20],
        data=json.loads(text.replace("\\u0000", "")),  # PostgreSQL's JSON holds no NUL
        saved_at=clock.now(),
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["person_id", "key"],
            set_={"data": row.excluded.data, "saved_at": row.excluded.saved_at},
        )
    )


def typing_of(person: Person, key: str) -> KnowledgeTyping | None:
    """What this person was typing there, if they have not saved it."""
    return db.session.scalar(
        select(KnowledgeTyping).where(KnowledgeTyping.person_id == person.id, KnowledgeTyping.key == key[:20])
    )


@transactional
def forget_typing(person: Person, key: str) -> None:
    """It was saved, or is not wanted."""
    db.session.execute(
        delete(KnowledgeTyping).where(KnowledgeTyping.person_id == person.id, KnowledgeTyping.key == key[:20])
    )
