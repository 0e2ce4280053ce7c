"""A batch: begun, locked, moved on, told of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from accounts import audit
from accounts.models import Department, Person
from accounts.permissions import ensure
from config import clock, live
from config.errors import HotlineError, Invalid, NoRoom, NotFound, Refused, TooLarge
from config.extensions import db, job_queue
from config.storage import store
from config.transaction import after_commit, transactional
from knowledge_base import verbs
from knowledge_base.importing.kinds import ENDINGS, ending_of
from knowledge_base.models import ImportRow, KnowledgeImport
from knowledge_base.words import AT_WORK, ImportOrigin, ImportProblem, ImportState, ItemKind, RowState

LONGEST_JOB = 3600
BETWEEN_TELLINGS = 0.3
AT_ONCE, HOLD_SECONDS = 20, 1.0
"""Files in one transaction, and how long it goes on taking more: what a kill costs, and what others may wait."""
FORERUNNER_SECONDS = 3.0
"""How long a job waits for one before it that was killed, until the database has noticed."""
MOST_AT_ONCE = 500
"""Files in one upload; more come as an archive."""


@dataclass(frozen=True)
class Given:
    """A file as somebody gives it; the folders in `name` may say who issued it."""

    name: str
    stream: IO[bytes]


@transactional
def begin_import(
    person: Person,
    files: Iterable[Given],
    department: Department,
    *,
    origin: ImportOrigin,
    publish: bool = False,
    kind: ItemKind | None = None,
    region: str = "",
    caller: str = "",
) -> KnowledgeImport:
    """Keep the files, to be read. `publish`: what can be entered is, and is published, `person` answering for it.

    A file that cannot even be kept is a row of the batch that says why. Invalid where there is none at all,
    NoRoom where the disk is full: that is no fault of a file.
    """
    if origin is not ImportOrigin.API:
        ensure(person, "knowledge:import")
    if publish:
        ensure(person, "knowledge:approve")
    batch = KnowledgeImport(
        person_id=person.id,
        department_id=department.id,
        origin=origin,
        caller=caller[:64],
        publishing=publish,
        kind=kind,
        region=" ".join(region.split())[:80],
        state=ImportState.READING,
        created_at=clock.now(),
        touched_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    ordinal = 0
    for ordinal, given in enumerate(files, start=1):
        db.session.add(_row(batch, ordinal, given, person))
    batch.total = ordinal
    if not batch.total:
        raise Invalid(fields={"files": _("Choose at least one file.")})
    db.session.flush()
    facts = {"files": batch.total, "publish": publish, "by": caller}
    audit.record(verbs.IMPORT, person, ("knowledge_import", batch.id), facts)
    return batch


def queue(batch_id: int, job: str) -> None:
    """Have a worker do `job` of jobs.py, once what was decided is in the database."""
    after_commit(
        job_queue().enqueue, f"knowledge_base.jobs.{job}", batch_id, result_ttl=0, job_timeout=LONGEST_JOB
    )


def locked(batch_id: int, *, at_rest: bool = True) -> KnowledgeImport:
    """The batch, its row locked. Refused while a job has it in hand, unless that does not matter."""
    batch = db.session.scalar(
        select(KnowledgeImport)
        .where(KnowledgeImport.id == batch_id)
        .with_for_update(of=KnowledgeImport)
        .execution_options(populate_existing=True)
    )
    if batch is None:
        raise NotFound(_("There is no such import."))
    if at_rest and batch.state in AT_WORK:
        raise Refused(_("This import is being worked on. Wait until it is through."))
    return batch


Heard = Callable[[ImportState, int, int], None]
"""Is told of each step: what is being done, how many files are through, of how many."""


@contextmanager
def in_hand(batch_id: int, state: ImportState) -> Iterator[KnowledgeImport | None]:
    """The batch for the job that `state` asks for; None if there is none to do, or another process is at it.

    One process has a batch at a time. Its lock is one of the database that ends with its connection, so a killed one
    leaves none behind. A job that fails says why on the batch, for whoever wonders why it stands.
    """
    with _alone(batch_id) as mine:
        batch = db.session.get(KnowledgeImport, batch_id, populate_existing=True) if mine else None
        if batch is None or batch.state is not state:
            yield None
            return
        try:
            yield batch
        except Exception as error:
            _say_why(batch_id, error)
            raise


def is_in_hand(batch_id: int) -> bool:
    """Whether a living process is at it."""
    with _alone(batch_id, patience=0) as mine:
        return not mine


@contextmanager
def _alone(batch_id: int, patience: float = FORERUNNER_SECONDS) -> Iterator[bool]:
    """Whether the batch is ours. On a connection of its own: that of the session changes with each transaction."""
    key = func.hashtextextended(f"knowledge-import:{batch_id}", 0)
    with db.engine.engine.connect() as link:
        link.execution_options(isolation_level="AUTOCOMMIT")
        until = time.monotonic() + patience
        while not (mine := bool(link.scalar(select(func.pg_try_advisory_lock(key))))):
            if time.monotonic() >= until:
                break
            time.sleep(0.05)
        try:
            yield mine
        finally:
            if mine:
                link.execute(select(func.pg_advisory_unlock(key)))


@transactional
def _say_why(batch_id: int, error: Exception) -> None:
    said = (
        error.message if isinstance(error, HotlineError) else _("Something of ours went wrong: see the log.")
    )
    db.session.execute(
        update(KnowledgeImport)
        .where(KnowledgeImport.id == batch_id)
        .values(trouble=said[:500], touched_at=clock.now())
    )


def moved(batch: KnowledgeImport, files: int) -> None:
    """So many more are through."""
    batch.done, batch.touched_at, batch.trouble = batch.done + files, clock.now(), ""


def claim(batch_id: int, state: RowState, count: int, *, newest_first: bool = False) -> list[ImportRow]:
    """The next rows in `state`, locked. What a killed worker had locked is free as soon as its statement has ended."""
    order = ImportRow.ordinal.desc() if newest_first else ImportRow.ordinal.asc()
    return list(
        db.session.scalars(
            select(ImportRow)
            .where(ImportRow.import_id == batch_id, ImportRow.state == state)
            .order_by(order)
            .limit(count)
            .with_for_update(of=ImportRow)
            .execution_options(populate_existing=True)
        )
    )


def count_in(batch_id: int, *states: RowState) -> int:
    """How many rows of the batch are in one of `states`."""
    counted = select(func.count()).select_from(ImportRow)
    return db.session.scalar(counted.where(ImportRow.import_id == batch_id, ImportRow.state.in_(states))) or 0


class Progress:
    """Tells the pages of the batch's person how far it is, a few times a second at most, and whoever `heard`."""

    def __init__(self, batch: KnowledgeImport, heard: Heard | None = None) -> None:
        self.batch_id, self._room, self._heard = batch.id, f"person:{batch.person_id}", heard
        self._next = 0.0

    def tell(self, state: ImportState, done: int, total: int, *, now: bool = False) -> None:
        if now or time.monotonic() >= self._next:
            self._next = time.monotonic() + BETWEEN_TELLINGS
            facts = {"id": self.batch_id, "state": state.value, "done": done, "total": total}
            live.tell(self._room, "knowledge:import", facts)
            if self._heard is not None:
                after_commit(self._heard, state, done, total)


@transactional
def close(
    progress: Progress, working: ImportState, waiting: RowState, then: Callable[[int], ImportState]
) -> None:
    """The batch that is `working` is through, unless a row is `waiting` still: it is what `then` says from now on."""
    batch = locked(progress.batch_id, at_rest=False)
    if batch.state is working and not count_in(batch.id, waiting):
        batch.state, batch.done, batch.touched_at = then(batch.id), batch.total, clock.now()
        progress.tell(batch.state, batch.done, batch.total, now=True)


def refuse(row: ImportRow, problem: ImportProblem, detail: str = "") -> None:
    """This file is not taken."""
    row.state, row.problem, row.detail = RowState.UNREADABLE, problem, detail[:500]


def _row(batch: KnowledgeImport, ordinal: int, given: Given, person: Person) -> ImportRow:
    name = given.name.replace("\x00", "").replace("\\", "/").lstrip("/")[-300:] or "file"
    row = ImportRow(import_id=batch.id, ordinal=ordinal, name=name, state=RowState.WAITING)
    try:
        keep(row, given.stream, person.id)
    except TooLarge:
        refuse(row, ImportProblem.TOO_LARGE)
    except NoRoom:
        raise
    except HotlineError as error:
        refuse(row, _problem_of(given, error))
    return row


def keep(row: ImportRow, stream: IO[bytes], by: int | None) -> None:
    """Store the bytes as the row's source."""
    kept = store(stream, row.name, tuple(ENDINGS), by)
    row.file_id, row.sha256 = kept.id, kept.sha256


def _problem_of(given: Given, _error: HotlineError) -> ImportProblem:
    """Why the store did not take it, as we say it."""
    ending = ending_of(given.name)
    if ending in ("doc", "xls", "ppt", "wps", "et"):
        return ImportProblem.OLD_OFFICE
    if ending not in ENDINGS:
        return ImportProblem.KIND
    try:
        given.stream.seek(0)
        head = given.stream.read(4096)
    except (OSError, ValueError):
        return ImportProblem.BROKEN
    if not head:
        return ImportProblem.EMPTY
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        given.stream.seek(0)
        locked_inside = "EncryptedPackage".encode("utf-16-le") in given.stream.read()
        return ImportProblem.ENCRYPTED if locked_inside else ImportProblem.OLD_OFFICE
    return ImportProblem.DISGUISED
