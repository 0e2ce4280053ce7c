"""An import from the command line: who answers for it, how far it is, what came of it."""

from __future__ import annotations

import getpass
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click
from flask_babel import gettext as _
from rq import Worker
from sqlalchemy import select

from accounts.models import Department, DepartmentLevel, Person
from accounts.queries import department_by_code
from accounts.roles import Role
from accounts.services.departments import create_department
from accounts.services.people import create_person
from config.errors import NotFound
from config.extensions import db, job_queue
from config.transaction import transaction, transactional
from knowledge_base import queries
from knowledge_base.models import ImportRow, KnowledgeImport
from knowledge_base.services import importing
from knowledge_base.services.importing import Given, begin_import
from knowledge_base.services.importing.batches import is_in_hand, queue
from knowledge_base.words import AT_WORK, ImportOrigin, ImportState, ItemKind, RowState

COMMAND_LINE = "kb.command"
GLANCE_SECONDS = 0.3
SHOWN = (RowState.UNREADABLE, RowState.READY, RowState.KEPT)


def files_below(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Every file with the name it is known by: from the folder on that was named."""
    for path in paths:
        if path.is_file():
            yield path, path.name
            continue
        for file in sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")):
            yield file, file.relative_to(path.parent).as_posix()


def start_import(
    files: Sequence[tuple[Path, str]],
    login: str,
    code: str,
    publish: bool,
    kind: ItemKind | None,
    region: str,
) -> int:
    """The id of a batch whose files are kept and wait to be read, by a worker if there is one."""
    with closing(_one_by_one(files)) as given:  # which may have a file open when it is not asked any more
        batch = begin_import(
            answering(login),
            given,
            _shelf(code),
            origin=ImportOrigin.COMMAND,
            publish=publish,
            kind=kind,
            region=region,
            caller=getpass.getuser(),
        )
    if Worker.count(queue=job_queue()):
        queue(batch.id, "read_import")
    return batch.id


def _one_by_one(files: Sequence[tuple[Path, str]]) -> Generator[Given, None, None]:
    """Each is closed before the next is opened: a folder may hold more files than a process may have open."""
    for number, (path, name) in enumerate(files, 1):
        _show(_("Being kept"), number, len(files))
        with path.open("rb") as stream:
            yield Given(name, stream)


@transactional
def answering(login: str) -> Person:
    """The person named; else the command line itself, a person without a password who may write and publish.

    Who has the machine's shell has the house; the trail keeps the name under which they were signed in there.
    """
    found = db.session.scalar(select(Person).where(Person.login == (login or COMMAND_LINE), Person.active))
    if found is not None:
        return found
    if login:
        raise NotFound(_("There is nobody named %(login)s.", login=login))
    roles = (Role.KB_EDITOR, Role.KB_APPROVER)
    return create_person(COMMAND_LINE, _("Command line"), None, roles, must_change_password=False)


def _shelf(code: str) -> Department:
    """The department asked for; else the first of the tree; in an empty tree, the hotline itself."""
    if code:
        found = department_by_code(code)
        if found is None:
            raise NotFound(_("There is no department %(code)s.", code=code))
        return found
    first = db.session.scalar(select(Department).where(Department.active).order_by(Department.path).limit(1))
    return first or create_department("12345", _("The 12345 hotline"), level=DepartmentLevel.CITY)


def follow(batch_id: int) -> None:
    """Show how far it is until it is through. Where no worker runs, or none any more, this process does the work.

    Whoever interrupts it is told how it goes on: what is through stays so.
    """
    work = {
        ImportState.READING: importing.read_batch,
        ImportState.ENTERING: importing.enter_batch,
        ImportState.UNDOING: importing.undo_batch,
    }
    said = ""
    try:
        while (batch := _glance(batch_id)).state in AT_WORK:
            if batch.trouble not in ("", said):
                click.echo(f"\n{batch.trouble}", err=True)
            said = batch.trouble
            if Worker.count(queue=job_queue()) or is_in_hand(batch_id):
                time.sleep(GLANCE_SECONDS)
            else:
                work[batch.state](batch_id, lambda doing, done, total: _show(doing.label, done, total))
    except KeyboardInterrupt:
        number = queries.import_batch(batch_id).import_no
        click.echo(
            f"\n{number} was interrupted. ./manage kb resume-import {number} goes on with it.", err=True
        )
        raise


def _glance(batch_id: int) -> KnowledgeImport:
    with transaction():
        db.session.expire_all()
        batch = db.session.get_one(KnowledgeImport, batch_id)
        if batch.state in AT_WORK:
            _show(batch.state.label, batch.done, batch.total)
        return batch


def _show(doing: str, done: int, total: int) -> None:
    """On a terminal, where it is written over; a log gets the result alone."""
    if sys.stderr.isatty():
        click.echo(f"\r{doing} {done}/{total}", nl=False, err=True)


def report(batch_id: int) -> bool:
    """Say what became of each file that did not simply go in, and how many did what. Whether any was taken at all."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(ImportRow).where(ImportRow.import_id == batch_id).order_by(ImportRow.ordinal)
    ).all()
    batch = db.session.get_one(KnowledgeImport, batch_id)
    if sys.stderr.isatty():
        click.echo("", err=True)
    for row in rows:
        if row.state in SHOWN and (row.state is not RowState.READY or batch.publishing):
            said = row.problem.label if row.problem else row.proposal.label if row.proposal else ""
            click.echo(f"{row.name}: {said} {row.detail if row.state is not RowState.READY else ''}".rstrip())
    counts = Counter(row.state for row in rows)
    click.echo(
        f"{batch.import_no}: "
        + ", ".join(f"{state.label} {counts[state]}" for state in RowState if counts[state])
    )
    return counts[RowState.UNREADABLE] < len(rows)
