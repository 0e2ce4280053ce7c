"""Reads of imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload

from config.errors import NotFound
from config.extensions import db
from knowledge_base.models import ImportRow, KnowledgeImport, KnowledgeItem, KnowledgeVersion
from knowledge_base.words import Proposal, RowState


def imports() -> Select[Any]:
    """All batches."""
    return select(KnowledgeImport)


def import_batch(import_id: int) -> KnowledgeImport:
    """The batch; NotFound."""
    found = db.session.get(KnowledgeImport, import_id)
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def import_counts(ids: Iterable[int]) -> dict[int, dict[RowState, int]]:
    """How many files of each batch are in each state."""
    counted = (
        select(ImportRow.import_id, ImportRow.state, func.count())
        .where(ImportRow.import_id.in_(list(ids)))
        .group_by(ImportRow.import_id, ImportRow.state)
    )
    found: dict[int, dict[RowState, int]] = defaultdict(dict)
    for batch, state, count in db.session.execute(counted):
        found[batch][state] = count
    return found


def import_rows(batch: KnowledgeImport, state: RowState | None) -> Select[Any]:
    """The files of a batch in `state` (all, for None), without their texts."""
    match = joinedload(ImportRow.match)
    listed = (
        select(ImportRow)
        .where(ImportRow.import_id == batch.id)
        .options(
            defer(ImportRow.body),
            defer(ImportRow.sketch),
            match.defer(KnowledgeVersion.body),
            match.joinedload(KnowledgeVersion.item).lazyload(KnowledgeItem.department),
            joinedload(ImportRow.item).lazyload(KnowledgeItem.department),
            joinedload(ImportRow.twin).defer(ImportRow.body),
        )
    )
    return listed if state is None else listed.where(ImportRow.state == state)


def import_row(import_id: int | None, row_id: int) -> ImportRow:
    """The file of that batch (of any, for None); NotFound."""
    row = db.session.get(ImportRow, row_id)
    if row is None or (import_id is not None and row.import_id != import_id):
        raise NotFound(_("There is no such file in the import."))
    return row


def next_row(row: ImportRow, state: RowState) -> ImportRow | None:
    """The next file of the batch in `state`."""
    following = select(ImportRow).where(
        ImportRow.import_id == row.import_id, ImportRow.state == state, ImportRow.ordinal > row.ordinal
    )
    return db.session.scalar(following.order_by(ImportRow.ordinal).limit(1))


def count_proposed(batch: KnowledgeImport, proposal: Proposal) -> int:
    """How many undecided files are taken for `proposal`."""
    counted = select(func.count()).select_from(ImportRow)
    rows = (
        ImportRow.import_id == batch.id,
        ImportRow.state == RowState.READY,
        ImportRow.proposal == proposal,
    )
    return db.session.scalar(counted.where(*rows)) or 0
