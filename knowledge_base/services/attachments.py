"""Files beside a text."""

from __future__ import annotations

from typing import IO

from flask_babel import gettext as _

from accounts.models import Person
from accounts.permissions import ensure
from config.errors import NotFound, Refused
from config.extensions import db
from config.storage import store
from config.transaction import transactional
from knowledge_base.models import KnowledgeAttachment, KnowledgeItem, KnowledgeVersion
from knowledge_base.services.perform import lock, working_version
from knowledge_base.workflow import ItemAction, transition


@transactional
def attach_file(person: Person, item: KnowledgeItem, stream: IO[bytes], filename: str) -> KnowledgeAttachment:
    """Add a file to the draft. Refused or TooLarge by name, see `config.storage.store`."""
    version = _draft(person, item)
    attachment = KnowledgeAttachment(version_id=version.id, file_id=store(stream, filename).id)
    version.writer_ids = sorted({*version.writer_ids, person.id})
    db.session.add(attachment)
    db.session.flush()
    return attachment


@transactional
def detach_file(person: Person, item: KnowledgeItem, attachment_id: int) -> None:
    """Take a file off the draft; versions that were published with it keep it."""
    version = _draft(person, item)
    attachment = db.session.get(KnowledgeAttachment, attachment_id)
    if attachment is None or attachment.version_id != version.id:
        raise NotFound(_("This file is not here."))
    version.writer_ids = sorted({*version.writer_ids, person.id})
    db.session.delete(attachment)


def _draft(person: Person, item: KnowledgeItem) -> KnowledgeVersion:
    locked = lock(item.id)
    ensure(person, "knowledge:edit", locked)
    version = working_version(locked)
    row = transition(ItemAction.EDIT)
    if version is None or version.state not in row.sources or row.refusal(version, person) is not None:
        raise Refused(_("Files are changed while the item is a draft."))
    return version
