"""What a file is beside what is there: the same, another text of the same document, much like another, or new."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from config.extensions import db
from knowledge_base.likeness import ALIKE, fingerprint, likeness, sketch, title_key
from knowledge_base.models import ImportRow, KnowledgeVersion
from knowledge_base.words import ItemState, Proposal, RowState

MOST_COMPARED = 5
ON_ITS_WAY = (RowState.READY, RowState.ACCEPTED, RowState.ENTERED)


def know(row: ImportRow) -> None:
    """Make what the row is recognised by, from its words as they are now."""
    row.title_key, row.fingerprint, row.sketch = title_key(row.title), fingerprint(row.body), sketch(row.body)


def propose(row: ImportRow) -> None:
    """Set `proposal`, `match` or `twin`, and `likeness`. The stock is asked first, then the batch's earlier rows."""
    row.proposal, row.likeness, row.match_id, row.twin_id = Proposal.NEW, None, None, None
    if same := _first(_stock().where(KnowledgeVersion.fingerprint == row.fingerprint)):
        row.proposal, row.match_id, row.likeness = Proposal.DUPLICATE, same.id, 1.0
    elif twin := _first(_batch(row).where(ImportRow.fingerprint == row.fingerprint)):
        row.proposal, row.twin_id, row.likeness = Proposal.DUPLICATE, twin.id, 1.0
    elif named := _first(_stock().where(KnowledgeVersion.title_key == row.title_key)):
        row.match_id, row.likeness = named.id, likeness(row.body, named.body)
        row.proposal = Proposal.VERSION
    elif twin := _first(_batch(row).where(ImportRow.title_key == row.title_key)):
        row.proposal, row.twin_id, row.likeness = Proposal.VERSION, twin.id, likeness(row.body, twin.body)
    elif row.sketch:
        _resembling(row)


def _resembling(row: ImportRow) -> None:
    for stock, of_the_batch in (
        (_stock().where(KnowledgeVersion.sketch.overlap(row.sketch)), False),
        (_batch(row).where(ImportRow.sketch.overlap(row.sketch)), True),
    ):
        for other in db.session.scalars(stock.limit(MOST_COMPARED)):
            share = likeness(row.body, other.body)
            if share >= ALIKE and share > (row.likeness or 0):
                row.likeness = share
                row.match_id, row.twin_id = (None, other.id) if of_the_batch else (other.id, None)
    if row.likeness:
        row.proposal = Proposal.SIMILAR


def _stock() -> Select[Any]:
    """What is alive, newest text first."""
    return (
        select(KnowledgeVersion)
        .where(KnowledgeVersion.state != ItemState.RETIRED)
        .order_by(KnowledgeVersion.effective_on.desc(), KnowledgeVersion.id.desc())
    )


def _batch(row: ImportRow) -> Select[Any]:
    """Rows before this one that are entered or may be."""
    return (
        select(ImportRow)
        .where(
            ImportRow.import_id == row.import_id,
            ImportRow.ordinal < row.ordinal,
            ImportRow.state.in_(ON_ITS_WAY),
        )
        .order_by(ImportRow.ordinal)
    )


def _first(found: Select[Any]) -> Any:
    return db.session.scalar(found.limit(1))
