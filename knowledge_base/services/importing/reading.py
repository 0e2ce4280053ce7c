"""The first job of a batch: open archives, read files, recognise, compare. A file that fails is a row that says why."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from config import clock
from config.errors import HotlineError, NoRoom, TooLarge
from config.extensions import db
from config.settings import settings
from config.storage import StoredFile, open_bytes
from config.transaction import savepoint, transaction
from knowledge_base.importing.kinds import FileKind, kind_of
from knowledge_base.importing.problems import Unreadable
from knowledge_base.importing.reading import TextReader
from knowledge_base.importing.recognition import Recognised, recognise
from knowledge_base.importing.unpacking import Limits, Member, members
from knowledge_base.models import ImportRow, KnowledgeImport
from knowledge_base.services.importing.batches import (
    AT_ONCE,
    HOLD_SECONDS,
    Heard,
    Progress,
    claim,
    count_in,
    in_hand,
    keep,
    locked,
    moved,
    queue,
    refuse,
)
from knowledge_base.services.importing.deciding import accept_all
from knowledge_base.services.importing.matching import Kin, know, propose_all
from knowledge_base.services.writing import LONGEST_BODY
from knowledge_base.words import ImportProblem, ImportState, RowState

MB = 1 << 20
log = structlog.get_logger(__name__)


def read_batch(batch_id: int, heard: Heard | None = None) -> None:
    """Read what waits, a handful of files to a transaction: who goes on after a crash goes on with the next handful."""
    with in_hand(batch_id, ImportState.READING) as batch:
        if batch is None:
            return
        progress, kin = Progress(batch, heard), Kin.of_batch(batch_id)
        with TextReader(settings().import_max_mb * MB) as reader:
            while _read_some(batch_id, reader, kin, progress):
                pass
        _finish(batch_id, progress)


def _read_some(batch_id: int, reader: TextReader, kin: Kin, progress: Progress) -> bool:
    with transaction():
        rows = claim(batch_id, RowState.WAITING, AT_ONCE)
        if not rows:
            return False
        batch, until, through = rows[0].batch, time.monotonic() + HOLD_SECONDS, 0
        kept = _kept_files(rows)
        for row in rows:
            try:
                _read_one(row, batch, reader, kept)
            except NoRoom:  # the archive is sound: it is unpacked once somebody has made room
                if not through:
                    raise
                break
            through += 1
            if time.monotonic() > until:
                break
        propose_all([row for row in rows[:through] if row.state is RowState.READY], kin)
        moved(batch, through)
        progress.tell(batch.state, batch.done, batch.total)
    return True


def _kept_files(rows: Sequence[ImportRow]) -> dict[int, StoredFile]:
    wanted = [row.file_id for row in rows if row.file_id is not None]
    return {file.id: file for file in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(wanted)))}


def _read_one(
    row: ImportRow, batch: KnowledgeImport, reader: TextReader, kept: dict[int, StoredFile]
) -> None:
    try:
        _read(row, batch, reader, kept)
    except Unreadable as wrong:
        refuse(row, wrong.problem, wrong.detail)
    except (NoRoom, SQLAlchemyError):
        raise
    except Exception:  # a library that trips over a file in a new way costs that file alone
        log.exception("import_file_failed", batch=batch.id, file=row.name)
        refuse(row, ImportProblem.BROKEN)


def _read(row: ImportRow, batch: KnowledgeImport, reader: TextReader, kept: dict[int, StoredFile]) -> None:
    if row.file_id is None:
        raise Unreadable(ImportProblem.BROKEN)
    with open_bytes(kept[row.file_id]) as stream:
        data = stream.read()
    kind = kind_of(row.name, data)
    if kind is FileKind.ZIP:
        with savepoint():
            _unpack(row, batch, data)
        return
    found = recognise(row.name, reader.read(kind, data))
    if not found.body.strip():
        raise Unreadable(ImportProblem.NO_TEXT)
    if len(found.body) > LONGEST_BODY:
        raise Unreadable(ImportProblem.TOO_LONG, _("%(n)s characters", n=len(found.body)))
    row.title, row.body, row.kind = found.title, found.body, batch.kind or found.kind
    row.document_no, row.issued_by = found.document_no, found.issued_by
    row.region = batch.region or found.region
    row.issued_on, row.effective_on, row.expires_on = found.issued_on, found.effective_on, found.expires_on
    row.doubts = [doubt.value for doubt in found.doubts]
    row.detail = _size(found)
    know(row)
    row.state = RowState.READY


def _size(found: Recognised) -> str:
    if not found.articles:
        return _("%(n)s characters", n=len(found.body))
    if not found.chapters:
        return _(
            "%(articles)s articles, %(letters)s characters", articles=found.articles, letters=len(found.body)
        )
    return _(
        "%(chapters)s chapters, %(articles)s articles, %(letters)s characters",
        chapters=found.chapters,
        articles=found.articles,
        letters=len(found.body),
    )


def _unpack(row: ImportRow, batch: KnowledgeImport, data: bytes) -> None:
    """The files of the archive become rows; the archive's own row goes, its file is kept as their source."""
    left = settings().import_max_files - batch.total
    limits = Limits(left, settings().import_max_mb * MB, settings().upload_max_mb * MB)
    found = list(members(data, limits))
    if not found:
        raise Unreadable(ImportProblem.EMPTY)
    last = select(func.max(ImportRow.ordinal)).where(ImportRow.import_id == batch.id)
    for ordinal, member in enumerate(found, start=(db.session.scalar(last) or 0) + 1):
        db.session.add(_inner(batch, row.name, ordinal, member))
    batch.total += len(found) - 1
    batch.done += sum(1 for member in found if member.problem is not None) - 1
    db.session.delete(row)


def _inner(batch: KnowledgeImport, archive: str, ordinal: int, member: Member) -> ImportRow:
    name = f"{archive.rsplit('/', 1)[-1]} › {member.name}"[-300:]
    row = ImportRow(import_id=batch.id, ordinal=ordinal, name=name, state=RowState.WAITING)
    if member.problem is not None:
        refuse(row, member.problem)
        return row
    try:
        kind_of(name, member.data)
        keep(row, io.BytesIO(member.data), batch.person_id)
    except Unreadable as wrong:
        refuse(row, wrong.problem, wrong.detail)
    except TooLarge:
        refuse(row, ImportProblem.TOO_LARGE)
    except NoRoom:
        raise
    except HotlineError:
        refuse(row, ImportProblem.DISGUISED)
    return row


def _finish(batch_id: int, progress: Progress) -> None:
    with transaction():
        batch = locked(batch_id, at_rest=False)
        if batch.state is not ImportState.READING or count_in(batch_id, RowState.WAITING):
            return  # another worker has the last file in hand, and will come here
        batch.done, batch.touched_at = batch.total, clock.now()
        if batch.publishing and accept_all(batch):
            batch.state, batch.done, batch.total = (
                ImportState.ENTERING,
                0,
                count_in(batch_id, RowState.ACCEPTED),
            )
            queue(batch_id, "enter_import")
        else:
            undecided = count_in(batch_id, RowState.READY)
            batch.state = ImportState.READY if undecided else ImportState.DONE
        progress.tell(batch.state, batch.done, batch.total, now=True)
