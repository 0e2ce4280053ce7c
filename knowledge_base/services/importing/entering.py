"""The second job of a batch: what was accepted becomes drafts, or is published where that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts.models import Person
from config.errors import HotlineError
from config.extensions import db
from config.statistics import gather_statistics
from config.transaction import savepoint, transaction
from knowledge_base.likeness import Marks
from knowledge_base.models import (
    ImportRow,
    KnowledgeAttachment,
    KnowledgeEvent,
    KnowledgeImport,
    KnowledgeItem,
    KnowledgeVersion,
    Passage,
)
from knowledge_base.models.revision import next_revision
from knowledge_base.services.importing.batches import (
    AT_ONCE,
    Heard,
    Progress,
    claim,
    close,
    count_in,
    in_hand,
    moved,
)
from knowledge_base.services.perform import act, working_version
from knowledge_base.services.writing import ItemText, draft_items, follow_item
from knowledge_base.words import ImportState, ItemKind, Proposal, RowState
from knowledge_base.workflow import ItemAction

MANY = 100
"""Texts after which the database is to look at its tables: some two thousand passages."""


def enter_batch(batch_id: int, heard: Heard | None = None) -> None:
    """Enter what was accepted, a handful to a transaction. What is refused says why and leaves the others alone."""
    with in_hand(batch_id, ImportState.ENTERING) as batch:
        if batch is None:
            return
        progress = Progress(batch, heard)
        entered = 0
        while some := _enter_some(batch_id, progress):
            entered += some
        close(progress, ImportState.ENTERING, RowState.ACCEPTED, _then)
    if entered >= MANY:
        gather_statistics(KnowledgeItem, KnowledgeVersion, Passage, KnowledgeEvent, ImportRow)


def _then(batch_id: int) -> ImportState:
    return ImportState.READY if count_in(batch_id, RowState.READY) else ImportState.DONE


def _enter_some(batch_id: int, progress: Progress) -> int:
    """How many rows were looked at; 0 when none is left."""
    with transaction():
        rows = claim(batch_id, RowState.ACCEPTED, AT_ONCE)
        if not rows:
            return 0
        batch = rows[0].batch
        fresh = [row for row in rows if row.proposal is not Proposal.VERSION]
        try:
            with savepoint():
                _enter_new(fresh, batch)
        except HotlineError:  # one of them: which, is found one by one
            for row in fresh:
                _enter_alone(row, batch)
        for row in rows:  # a text that follows another comes after it
            if row.proposal is Proposal.VERSION:
                _enter_alone(row, batch)
        moved(batch, len(rows))
        progress.tell(batch.state, batch.done, batch.total)
    return len(rows)


def _enter_alone(row: ImportRow, batch: KnowledgeImport) -> None:
    try:
        with savepoint():
            if (old := _followed(row)) is None:
                _enter_new([row], batch)
            else:
                _enter_next(row, old, batch)
    except HotlineError as refusal:  # it stays to be decided, with the reason beside it
        db.session.refresh(row)
        row.state, row.detail = RowState.READY, refusal.message[:500]


def _enter_new(rows: Sequence[ImportRow], batch: KnowledgeImport) -> None:
    """Rows that begin an item of their own: written together, since a statement costs more than a row."""
    for person, of_person in groupby(rows, lambda row: row.accepted_by):
        assert person is not None  # the database says so too
        theirs = list(of_person)
        versions = draft_items(
            person, [(_text(row), _marks(row)) for row in theirs], batch.department, batch.id
        )
        _enter(person, list(zip(theirs, versions, strict=True)), batch)


def _enter_next(row: ImportRow, old: KnowledgeItem, batch: KnowledgeImport) -> None:
    """A row that is a further version of `old`."""
    person = row.accepted_by
    assert person is not None
    version = working_version(follow_item(person, old, _text(row), batch.id))
    assert version is not None
    _enter(person, [(row, version)], batch)


def _enter(person: Person, entered: list[tuple[ImportRow, KnowledgeVersion]], batch: KnowledgeImport) -> None:
    for row, version in entered:
        # What nobody here changed was written by who issued it: bringing it in is no writing, and who publishes it is
        # the second pair of eyes. Who corrected its words is their writer, and somebody else approves.
        version.writer_ids = list(row.corrected_by)
        version.doubts = list(row.doubts)
    db.session.flush()
    mark = {"import_id": batch.id, "revision": next_revision() if batch.publishing else None}
    with db.session.no_autoflush:
        for row, version in entered:
            if row.file_id is not None:
                db.session.add(KnowledgeAttachment(version_id=version.id, file_id=row.file_id))
            if batch.publishing:
                _publish(person, version, mark)
            row.item_id, row.version_number, row.state = version.item_id, version.number, RowState.ENTERED
    db.session.flush()
    last = _last_events([version.item_id for _row, version in entered])
    for row, version in entered:
        row.event_id = last[version.item_id]


def _publish(person: Person, version: KnowledgeVersion, mark: dict[str, Any]) -> None:
    act(person, version.item, version, ItemAction.SUBMIT, mark)
    if person.id not in version.writer_ids:
        act(person, version.item, version, ItemAction.APPROVE, mark)


def _last_events(item_ids: list[int]) -> dict[int, int]:
    found = (
        select(KnowledgeEvent.item_id, func.max(KnowledgeEvent.id))
        .where(KnowledgeEvent.item_id.in_(item_ids))
        .group_by(KnowledgeEvent.item_id)
    )
    return dict(db.session.execute(found).all())


def _followed(row: ImportRow) -> KnowledgeItem | None:
    """The item of which the row is another version."""
    if row.proposal is not Proposal.VERSION:
        return None
    if row.match is not None:
        return row.match.item
    if row.twin is not None and row.twin.item is not None:
        return row.twin.item
    return None


def _marks(row: ImportRow) -> Marks:
    return Marks(row.title_key, row.fingerprint, row.sketch)


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
