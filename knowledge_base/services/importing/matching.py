"""What a file is beside what is there: the same, another text of the same document, much like another, or new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Self

from sqlalchemy import or_, select

from config.extensions import db
from knowledge_base.likeness import ALIKE, likeness, marks
from knowledge_base.models import ImportRow, KnowledgeVersion
from knowledge_base.words import ItemState, Proposal, RowState

MOST_COMPARED = 5
ON_ITS_WAY = (RowState.READY, RowState.ACCEPTED, RowState.ENTERED)


class Kin:
    """Texts by what they are recognised by; of two that have it in common, the one added first is found."""

    def __init__(self) -> None:
        self.same: dict[str, int] = {}
        self.named: dict[str, int] = {}
        self._bands: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, key: int, fingerprint: str, title_key: str, sketch: Iterable[int]) -> None:
        self.same.setdefault(fingerprint, key)
        self.named.setdefault(title_key, key)
        for band in sketch:
            self._bands[band].append(key)

    def alike(self, sketch: Iterable[int]) -> list[int]:
        """The few that share most with `sketch`."""
        shared = Counter(key for band in sketch for key in self._bands.get(band, ()))
        return [key for key, _times in shared.most_common(MOST_COMPARED)]

    @classmethod
    def of_batch(cls, batch_id: int, before: int | None = None) -> Self:
        """The rows of the batch that are entered or may be; those `before` an ordinal only, if it is given."""
        found = select(ImportRow.id, ImportRow.fingerprint, ImportRow.title_key, ImportRow.sketch).where(
            ImportRow.import_id == batch_id, ImportRow.state.in_(ON_ITS_WAY)
        )
        if before is not None:
            found = found.where(ImportRow.ordinal < before)
        return cls._filled(found.order_by(ImportRow.ordinal))

    @classmethod
    def in_stock(cls, rows: Sequence[ImportRow]) -> Self:
        """What is alive and has anything in common with one of `rows`, newest text first."""
        version = KnowledgeVersion
        bands = sorted({band for row in rows for band in row.sketch})
        found = select(version.id, version.fingerprint, version.title_key, version.sketch).where(
            version.state != ItemState.RETIRED,
            or_(
                version.fingerprint.in_([row.fingerprint for row in rows]),
                version.title_key.in_([row.title_key for row in rows]),
                version.sketch.overlap(bands),
            ),
        )
        return cls._filled(found.order_by(version.effective_on.desc(), version.id.desc()))

    @classmethod
    def _filled(cls, found: Any) -> Self:
        kin = cls()
        for key, fingerprint, title_key, sketch in db.session.execute(found):
            kin.add(key, fingerprint, title_key, sketch)
        return kin


def know(row: ImportRow) -> None:
    """Make what the row is recognised by, from its words as they are now."""
    made = marks(row.title, row.body)
    row.title_key, row.fingerprint, row.sketch = made.title_key, made.fingerprint, made.sketch


def propose(row: ImportRow) -> None:
    """What one row is beside the stock and the earlier rows of its batch."""
    propose_all([row], Kin.of_batch(row.import_id, row.ordinal))


def propose_all(rows: Sequence[ImportRow], batch: Kin) -> None:
    """Set `proposal`, `match` or `twin`, and `likeness` of each, and add it to `batch`, its earlier rows.

    The stock is asked first. All `rows` have their key already, and come in their order.
    """
    if not rows:
        return
    with db.session.no_autoflush:  # they are written once, when all is known of them
        stock = Kin.in_stock(rows)
        for row in rows:
            _propose(row, stock, batch)
            batch.add(row.id, row.fingerprint, row.title_key, row.sketch)


def _propose(row: ImportRow, stock: Kin, batch: Kin) -> None:
    row.proposal, row.likeness, row.match_id, row.twin_id = Proposal.NEW, None, None, None
    if same := stock.same.get(row.fingerprint):
        row.proposal, row.match_id, row.likeness = Proposal.DUPLICATE, same, 1.0
    elif twin := batch.same.get(row.fingerprint):
        row.proposal, row.twin_id, row.likeness = Proposal.DUPLICATE, twin, 1.0
    elif named := stock.named.get(row.title_key):
        row.proposal, row.match_id = Proposal.VERSION, named
        row.likeness = likeness(row.body, _body(KnowledgeVersion, named))
    elif twin := batch.named.get(row.title_key):
        row.proposal, row.twin_id = Proposal.VERSION, twin
        row.likeness = likeness(row.body, _body(ImportRow, twin))
    elif row.sketch:
        _resembling(row, stock, batch)


def _resembling(row: ImportRow, stock: Kin, batch: Kin) -> None:
    for kin, kind in ((stock, KnowledgeVersion), (batch, ImportRow)):
        for other in kin.alike(row.sketch):
            share = likeness(row.body, _body(kind, other))
            if share >= ALIKE and share > (row.likeness or 0):
                row.likeness = share
                row.match_id, row.twin_id = (None, other) if kind is ImportRow else (other, None)
    if row.likeness:
        row.proposal = Proposal.SIMILAR


def _body(kind: type[KnowledgeVersion] | type[ImportRow], key: int) -> str:
    """Of a row of the same handful it is not in the database yet."""
    held = db.session.identity_map.get(db.session.identity_key(kind, key))
    if held is not None:
        return str(held.body)
    return db.session.scalars(select(kind.body).where(kind.id == key)).one()
