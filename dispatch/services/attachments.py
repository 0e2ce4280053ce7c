"""Files on a case: stored first, then attached by what they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import exists, select

from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Invalid, Refused
from config.extensions import db
from config.storage import StoredFile, store
from config.transaction import transactional
from dispatch.models import Attachment, Case
from dispatch.workflow.fields import MAX_ATTACHMENTS


@transactional
def store_file(person: Person, stream: IO[bytes], filename: str) -> StoredFile:
    """Keep a file that a form will name by its id when it is sent. Refused by name: wrong type, size or content."""
    ensure(person, "case:attach")
    return store(stream, filename, by=person.id)


@transactional
def attach_file(person: Person, case: Case, stream: IO[bytes], filename: str) -> Attachment:
    """Put a file on the case."""
    ensure(person, "case:attach", case)
    if len(attachments_of(case)) >= MAX_ATTACHMENTS:
        raise Refused(_("A case takes at most %(n)s files.", n=MAX_ATTACHMENTS))
    row = store(stream, filename, by=person.id)
    attach(case, [row.id], person, clock.now())
    db.session.flush()
    return attachments_of(case)[-1]


def attachments_of(case: Case) -> list[Attachment]:
    """In the order they were added."""
    return list(
        db.session.scalars(select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.id))
    )


def attach(
    case: Case, file_ids: Iterable[int], person: Person, at: datetime, reply_id: int | None = None
) -> None:
    """Attach stored files; part of the caller's transaction.

    Invalid if one does not exist, was not given by this person (which they are not told apart), or hangs on another
    case: a number that is tried at random opens nobody's file.
    """
    ids = list(dict.fromkeys(file_ids))
    if not ids:
        return
    elsewhere = select(Attachment.id).where(
        Attachment.file_id == StoredFile.id, Attachment.case_id != case.id
    )
    own = select(StoredFile.id, exists(elsewhere)).where(
        StoredFile.id.in_(ids), StoredFile.stored_by_id == person.id
    )
    known = {row[0]: row[1] for row in db.session.execute(own)}
    if set(known) != set(ids):
        raise Invalid(fields={"attachment_ids": _("There is no such file.")})
    if any(known.values()):
        raise Invalid(fields={"attachment_ids": _("This file is on another case already.")})
    here = set(db.session.scalars(select(Attachment.file_id).where(Attachment.case_id == case.id)))
    for file_id in (one for one in ids if one not in here):  # a form sent twice adds nothing
        db.session.add(
            Attachment(
                case_id=case.id, file_id=file_id, reply_id=reply_id, added_at=at, added_by_id=person.id
            )
        )
