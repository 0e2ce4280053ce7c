"""What a person says to proposals: corrected, accepted, declined."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select, update

from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.transaction import transactional
from knowledge_base.likeness import SAME
from knowledge_base.models import ImportRow, KnowledgeImport, KnowledgeItem, KnowledgeVersion
from knowledge_base.services.importing.batches import count_in, locked, queue
from knowledge_base.services.importing.matching import know, propose
from knowledge_base.services.writing import ItemText, checked
from knowledge_base.words import MADE_UP, ImportState, ItemState, Proposal, RowState

ENTERED_BY_ITSELF = or_(
    ImportRow.proposal == Proposal.NEW,
    and_(ImportRow.proposal == Proposal.VERSION, ~ImportRow.doubts.overlap([one.value for one in MADE_UP])),
    and_(ImportRow.proposal == Proposal.SIMILAR, ImportRow.likeness < SAME),
)
"""What "accept all" takes: of what is here already, by the letter or nearly, a person has to say that it is another;
and what only shares the title that we gave it takes no item's place."""


@transactional
def correct_row(
    person: Person, row_id: int, text: ItemText, edit_no: int, *, enter_as: str = ""
) -> ImportRow:
    """Change what was recognised. `enter_as`: empty (as proposed), `new`, or the number of an item it is a version of.

    Conflict if somebody changed it since `edit_no`. Who changes words counts as a writer and will not approve them.
    """
    row = _undecided(person, row_id)
    if edit_no != row.edit_no:
        raise Conflict(_("Somebody changed this meanwhile. Nothing of yours was saved: load anew."))
    text = checked(text)
    words = (
        "title",
        "body",
        "kind",
        "document_no",
        "issued_by",
        "region",
        "issued_on",
        "effective_on",
        "expires_on",
    )
    changed = [name for name in words if getattr(row, name) != getattr(text, name)]
    for name in changed:
        setattr(row, name, getattr(text, name))
    if changed:
        row.corrected_by = sorted({*row.corrected_by, person.id})
        know(row)
        propose(row)
    row.doubts = []
    row.edit_no += 1
    _place(row, enter_as.strip())
    return row


@transactional
def accept_rows(
    person: Person, batch_id: int, row_ids: Iterable[int] | None = None, *, publish: bool = False
) -> int:
    """Have the rows entered by `person`; None: all that are not here already. How many that is.

    `publish`: they are published at once, unless `person` changed their words: those go to review.
    """
    ensure(person, "knowledge:import")
    if publish:
        ensure(person, "knowledge:approve")
    batch = locked(batch_id)
    if batch.state is ImportState.UNDONE:
        raise Refused(_("This import was undone."))
    taken = accept_all(batch, person, row_ids)
    if taken:
        batch.state, batch.publishing = ImportState.ENTERING, publish
        batch.done, batch.total, batch.touched_at = 0, taken, clock.now()
        queue(batch_id, "enter_import")
    return taken


def accept_all(
    batch: KnowledgeImport, person: Person | None = None, row_ids: Iterable[int] | None = None
) -> int:
    """Mark rows as accepted by `person`, or by whoever began the batch. The batch is locked by the caller."""
    wanted = update(ImportRow).where(ImportRow.import_id == batch.id, ImportRow.state == RowState.READY)
    wanted = (
        wanted.where(ENTERED_BY_ITSELF) if row_ids is None else wanted.where(ImportRow.id.in_(list(row_ids)))
    )
    by = person.id if person else batch.person_id
    marked = wanted.values(state=RowState.ACCEPTED, accepted_by_id=by).returning(ImportRow.id)
    return len(list(db.session.scalars(marked)))


@transactional
def decline_rows(person: Person, batch_id: int, row_ids: Iterable[int] | None = None) -> int:
    """These do not go in; None: nothing that is left does."""
    ensure(person, "knowledge:import")
    batch = locked(batch_id)
    wanted = update(ImportRow).where(ImportRow.import_id == batch_id, ImportRow.state == RowState.READY)
    if row_ids is not None:
        wanted = wanted.where(ImportRow.id.in_(list(row_ids)))
    declined = wanted.values(state=RowState.DECLINED).returning(ImportRow.id)
    count = len(list(db.session.scalars(declined)))
    if batch.state is ImportState.READY and not count_in(batch_id, RowState.READY):
        batch.state = ImportState.DONE
    return count


def _undecided(person: Person, row_id: int) -> ImportRow:
    ensure(person, "knowledge:import")
    row = db.session.scalar(
        select(ImportRow)
        .where(ImportRow.id == row_id)
        .with_for_update(of=ImportRow)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_("There is no such file in the import."))
    if row.state is not RowState.READY:
        raise Conflict(_("This file is “%(state)s” now and cannot be changed.", state=row.state.label))
    return row


def _place(row: ImportRow, enter_as: str) -> None:
    """What the person says it is, over what we think."""
    if not enter_as:
        return
    if enter_as == "new":
        row.proposal = Proposal.NEW
        return
    if enter_as == "twin" and row.twin_id is not None:
        row.proposal = Proposal.VERSION
        return
    version = db.session.scalar(
        select(KnowledgeVersion)
        .join(KnowledgeItem)
        .where(KnowledgeItem.item_no == enter_as.upper(), KnowledgeVersion.state != ItemState.RETIRED)
        .order_by(KnowledgeVersion.effective_on.desc())
        .limit(1)
    )
    if version is None:
        raise Invalid(fields={"enter_as": _("There is no item %(no)s that is alive.", no=enter_as[:20])})
    row.proposal, row.match_id, row.twin_id = Proposal.VERSION, version.id, None
