"""Files for the knowledge base: handed in by a machine, looked at by a person before they enter."""

from __future__ import annotations

import base64
import binascii
import io
from datetime import date

from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import select

from accounts.identity import current_person
from accounts.models import Department
from accounts.queries import department_by_code
from config.errors import Invalid, NotFound
from config.extensions import db
from config.paging import page
from dispatch.api.base import Schema, asked, endpoint
from knowledge_base import queries
from knowledge_base.models import ImportRow, KnowledgeImport
from knowledge_base.services.importing import Given, begin_import
from knowledge_base.services.importing.batches import queue
from knowledge_base.words import ImportOrigin, ItemKind


class ImportedFile(Schema):
    """`content` is the file in base64; the folders in `name` may say who issued it."""

    name: str = Field(min_length=1, max_length=300)
    content: str


class ImportRequest(Schema):
    """`department` is a code; without it, what comes stands on the shelf of the first of the tree."""

    files: list[ImportedFile] = Field(min_length=1, max_length=100)
    department: str = Field("", max_length=32)
    kind: ItemKind | None = None
    region: str = Field("", max_length=80)


class ImportFileState(Schema):
    """What became of one file. `problem` says why it was not taken."""

    name: str
    state: str
    title: str
    document_no: str
    issued_by: str
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    proposal: str | None
    problem: str | None
    item_no: str | None
    version: int | None


class ImportAnswer(Schema):
    """A batch; `counts` are its files by state. `next` asks for more of its files."""

    id: int
    import_no: str
    state: str
    done: int
    total: int
    counts: dict[str, int]
    files: list[ImportFileState]
    next: str | None


class ImportQuery(Schema):
    """`cursor` is the `next` of the answer before."""

    cursor: str | None = None


@endpoint(
    "/knowledge/imports",
    "POST",
    "knowledge:import",
    ImportAnswer,
    body=ImportRequest,
    status=202,
    also=(422, 404),
    tag="knowledge",
)
def hand_in_files() -> tuple[ImportAnswer, int]:
    """Hand files in. They are read in the background; an editor decides what enters."""
    given: ImportRequest = asked().json
    files = [Given(one.name, io.BytesIO(_bytes(n, one.content))) for n, one in enumerate(given.files)]
    batch = begin_import(
        current_person(),
        files,
        _shelf(given.department),
        origin=ImportOrigin.API,
        kind=given.kind,
        region=given.region.replace("\x00", ""),
    )
    queue(batch.id, "read_import")
    return _answer(batch, None), 202


@endpoint(
    "/knowledge/imports/<int:import_id>",
    "GET",
    "knowledge:import",
    ImportAnswer,
    query=ImportQuery,
    also=(404, 422),
    tag="knowledge",
)
def import_state(import_id: int) -> ImportAnswer:
    """How far a batch is, and what was recognised in its files. A client sees its own batches."""
    batch = queries.import_batch(import_id)
    if batch.person_id != current_person().id:
        raise NotFound(_("There is no such import."))
    return _answer(batch, asked().query.cursor)


def _answer(batch: KnowledgeImport, cursor: str | None) -> ImportAnswer:
    rows = page(queries.import_rows(batch, None), [ImportRow.ordinal.asc()], cursor, limit=100)
    counts = queries.import_counts([batch.id]).get(batch.id, {})
    return ImportAnswer(
        id=batch.id,
        import_no=batch.import_no,
        state=batch.state.value,
        done=batch.done,
        total=batch.total,
        counts={state.value: count for state, count in counts.items()},
        files=[_file(row) for row in rows],
        next=rows.next_cursor,
    )


def _file(row: ImportRow) -> ImportFileState:
    return ImportFileState(
        name=row.name,
        state=row.state.value,
        title=row.title,
        document_no=row.document_no,
        issued_by=row.issued_by,
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        proposal=row.proposal.value if row.proposal else None,
        problem=row.problem.value if row.problem else None,
        item_no=row.item.item_no if row.item else None,
        version=row.version_number,
    )


def _bytes(number: int, content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(fields={f"files.{number}.content": _("This is not base64.")}) from error


def _shelf(code: str) -> Department:
    if code:
        found = department_by_code(code)
    else:
        active = select(Department).where(Department.active).order_by(Department.path)
        found = db.session.scalar(active.limit(1))
    if found is None:
        raise Invalid(fields={"department": _("There is no such department.")})
    return found
