"""The second job of a batch: what was accepted becomes drafts, or is published where that was asked for."""

from __future__ import annotations

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts.models import Person
from config import clock
from config.errors import HotlineError
from config.extensions import db
from config.transaction import transaction
from knowledge_base.models import (
    ImportRow,
    KnowledgeAttachment,
    KnowledgeEvent,
    KnowledgeImport,
    KnowledgeItem,
    KnowledgeVersion,
)
from knowledge_base.services.importing.batches import Progress, claim, count_in, locked
from knowledge_base.services.perform import perform, working_version
from knowledge_base.services.writing import ItemText, draft_item, follow_item
from knowledge_base.words import ImportState, ItemKind, Proposal, RowState
from knowledge_base.workflow import ItemAction

log = structlog.get_logger(__name__)


def enter_batch(batch_id: int) -> None:
    """Enter what was accepted. Each row is a transaction: one that is refused says why and leaves the others alone."""
    batch = db.session.get(KnowledgeImport, batch_id)
    if batch is None or batch.state is not ImportState.ENTERING:
        return
    progress = Progress(batch)
    while _enter_next(batch_id, progress):
        pass
    with transaction():
        batch = locked(batch_id, at_rest=False)
        if batch.state is ImportState.ENTERING and not count_in(batch_id, RowState.ACCEPTED):
            undecided = count_in(batch_id, RowState.READY)
            batch.state = ImportState.READY if undecided else ImportState.DONE
            batch.done, batch.touched_at = batch.total, clock.now()
            progress.tell(batch.state, batch.done, batch.total, now=True)


def _enter_next(batch_id: int, progress: Progress) -> bool:
    with transaction():
        row = claim(batch_id, RowState.ACCEPTED)
        if row is None:
            return False
        batch = row.batch
        try:
            with db.session.begin_nested():
                _enter(row, batch)
        except HotlineError as refusal:  # it stays to be decided, with the reason beside it
            db.session.refresh(row)
            row.state, row.detail = RowState.READY, refusal.message[:500]
        batch.done, batch.touched_at = batch.done + 1, clock.now()
        progress.tell(batch.state, batch.done, batch.total)
    return True


def _enter(row: ImportRow, batch: KnowledgeImport) -> None:
    person = row.accepted_by
    assert person is not None  # the database says so too
    old = _followed(row)
    text = _text(row)
    if old is None:
        item = draft_item(person, text, batch.department, batch.id)
    else:
        item = follow_item(person, old, text, batch.id)
    version = working_version(item)
    assert version is not None
    # What nobody here changed was written by who issued it: bringing it in is no writing, and who publishes it is the
    # second pair of eyes. Who corrected its words is their writer, and somebody else approves.
    version.writer_ids = list(row.corrected_by)
    if row.file_id is not None:
        db.session.add(KnowledgeAttachment(version_id=version.id, file_id=row.file_id))
    if batch.publishing:
        _publish(person, item, version, batch.id)
    db.session.flush()
    row.item_id, row.version_number, row.state = item.id, version.number, RowState.ENTERED
    row.event_id = db.session.scalar(
        select(func.max(KnowledgeEvent.id)).where(KnowledgeEvent.item_id == item.id)
    )


def _publish(person: Person, item: KnowledgeItem, version: KnowledgeVersion, batch_id: int) -> None:
    mark = {"import_id": batch_id}
    perform(person, item, ItemAction.SUBMIT, mark)
    if person.id not in version.writer_ids:
        perform(person, item, ItemAction.APPROVE, mark)


def _followed(row: ImportRow) -> KnowledgeItem | None:
    """The item of which the row is another version."""
    if row.proposal is not Proposal.VERSION:
        return None
    if row.match is not None:
        return row.match.item
    if row.twin is not None and row.twin.item is not None:
        return row.twin.item
    return None


def _text(row: ImportRow) -> ItemText:
    return ItemText(
        kind=row.kind or ItemKind.POLICY,
        title=row.title,
        body=row.body,
        source=row.title if row.kind is ItemKind.POLICY else "",
        document_no=row.document_no,
        issued_by=row.issued_by,
        region=row.region,
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        change_note=_("Imported: %(name)s", name=row.name.rsplit("/", 1)[-1])[:200],
    )
