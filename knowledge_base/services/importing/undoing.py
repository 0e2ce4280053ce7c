"""Take an import back: what nobody touched since goes, what somebody did is kept and named."""

from __future__ import annotations

import time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import HotlineError, Refused
from config.extensions import db
from config.transaction import savepoint, transaction, transactional
from knowledge_base import verbs
from knowledge_base.models import ImportRow, KnowledgeEvent, KnowledgeImport, KnowledgeItem, KnowledgeVersion
from knowledge_base.models.revision import next_revision
from knowledge_base.services.chain import give_way, published_of, replaced_by
from knowledge_base.services.importing.batches import (
    AT_ONCE,
    HOLD_SECONDS,
    Heard,
    Progress,
    claim,
    close,
    count_in,
    in_hand,
    locked,
    moved,
    queue,
)
from knowledge_base.services.perform import lock, perform, remember
from knowledge_base.verbs import BY_ACTION
from knowledge_base.words import ImportState, ItemState, RowState
from knowledge_base.workflow import ItemAction


@transactional
def ask_to_undo(person: Person, batch_id: int) -> KnowledgeImport:
    """Have the batch undone by a job. What was published needs the permission to publish."""
    ensure(person, "knowledge:import")
    batch = locked(batch_id)
    if db.session.scalar(_published_by(batch_id).limit(1)) is not None:
        ensure(person, "knowledge:approve")
    entered = count_in(batch_id, RowState.ENTERED)
    if batch.state is ImportState.UNDONE or not entered:
        raise Refused(_("There is nothing of this import left to undo."))
    batch.state, batch.done, batch.total = ImportState.UNDOING, 0, entered
    batch.undone_by_id, batch.undone_at, batch.touched_at = person.id, clock.now(), clock.now()
    audit.record(verbs.UNDO_IMPORT, person, ("knowledge_import", batch.id), {"items": entered})
    queue(batch_id, "undo_import")
    return batch


def undo_batch(batch_id: int, heard: Heard | None = None) -> None:
    """Undo what was entered, the last first, so that versions go in the order in which they came."""
    with in_hand(batch_id, ImportState.UNDOING) as batch:
        if batch is None:
            return
        progress = Progress(batch, heard)
        while _undo_some(batch_id, progress):
            pass
        close(progress, ImportState.UNDOING, RowState.ENTERED, lambda _batch_id: ImportState.UNDONE)


def _undo_some(batch_id: int, progress: Progress) -> bool:
    with transaction():
        rows = claim(batch_id, RowState.ENTERED, AT_ONCE, newest_first=True)
        if not rows:
            return False
        batch, until, through = rows[0].batch, time.monotonic() + HOLD_SECONDS, 0
        for row in rows:
            _undo(row, batch)
            through += 1
            if time.monotonic() > until:
                break
        moved(batch, through)
        progress.tell(batch.state, batch.done, batch.total)
    return True


def _undo(row: ImportRow, batch: KnowledgeImport) -> None:
    person = batch.undone_by
    assert person is not None
    assert row.item_id is not None
    item = lock(row.item_id)
    changed = _changed_since(row)
    if changed is not None:
        row.state, row.detail = RowState.KEPT, _said(changed)
        return
    try:
        with savepoint():
            _take_back(row, item, person)
            row.state, row.detail = RowState.UNDONE, ""
    except HotlineError as refusal:  # say because the person's rights were taken away meanwhile
        db.session.refresh(row)
        row.state, row.detail = RowState.KEPT, refusal.message[:500]


def _changed_since(row: ImportRow) -> KnowledgeEvent | None:
    """What somebody did to the item after it was entered, other than this batch itself."""
    return db.session.scalar(
        select(KnowledgeEvent)
        .where(
            KnowledgeEvent.item_id == row.item_id,
            KnowledgeEvent.id > row.event_id,
            or_(KnowledgeEvent.import_id.is_(None), KnowledgeEvent.import_id != row.import_id),
        )
        .order_by(KnowledgeEvent.id.desc())
        .limit(1)
    )


def _said(event: KnowledgeEvent) -> str:
    return _(
        "%(who)s: “%(what)s” on %(when)s",
        who=event.person.name,
        what=_label(event.action),
        when=clock.local(event.at).strftime("%Y-%m-%d %H:%M"),
    )


def _published_by(batch_id: int) -> Select[Any]:
    """What the batch brought in and is in force."""
    same = (
        KnowledgeVersion.item_id == ImportRow.item_id,
        KnowledgeVersion.number == ImportRow.version_number,
        KnowledgeVersion.state == ItemState.PUBLISHED,
    )
    entered = select(ImportRow.id).join(KnowledgeVersion, and_(*same))
    return entered.where(ImportRow.import_id == batch_id, ImportRow.state == RowState.ENTERED)


def _take_back(row: ImportRow, item: KnowledgeItem, person: Person) -> None:
    reason = _("Import %(no)s was undone.", no=row.batch.import_no)
    mark = {"import_id": row.import_id, "reason": reason}
    version = db.session.scalar(
        select(KnowledgeVersion).where(
            KnowledgeVersion.item_id == item.id, KnowledgeVersion.number == row.version_number
        )
    )
    assert version is not None
    if version.state is ItemState.IN_REVIEW:
        perform(person, item, ItemAction.WITHDRAW, mark)
    if version.state is ItemState.DRAFT:
        perform(person, item, ItemAction.DISCARD, mark)
    elif version.state is ItemState.PUBLISHED and (len(published_of(item.id)) > 1 or replaced_by(version)):
        _take_out(person, item, version, reason, row.import_id)
    elif version.state is ItemState.PUBLISHED:
        perform(person, item, ItemAction.RETIRE, mark)


def _take_out(
    person: Person, item: KnowledgeItem, version: KnowledgeVersion, reason: str, import_id: int
) -> None:
    """One of several published versions goes; the item stays in force by the others."""
    give_way(version, clock.now())
    item.revision = next_revision()
    remember(item, version, ItemAction.RETIRE.value, person, reason, import_id)
    facts = {"item_no": item.item_no, "version": version.number}
    audit.record(BY_ACTION[ItemAction.RETIRE], person, ("knowledge", item.id), facts)


def _label(action: str) -> str:
    return ItemAction(action).label if action in {a.value for a in ItemAction} else _("Drafted")
