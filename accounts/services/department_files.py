"""Departments as CSV: out for a spreadsheet, in with a dry run and a report of refused rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import undefer

from accounts import audit
from accounts.access import under
from accounts.identity import acting_as
from accounts.models import Department, Person
from accounts.permissions import ensure
from accounts.queries import department_by_code, department_tree
from accounts.services.department_rows import COLUMNS, facts, written
from accounts.services.departments import change_department, create_department, move_department
from config.errors import HotlineError, Invalid
from config.extensions import db
from config.transaction import transaction

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000


@dataclass
class Report:
    """What an import did, or would do: rows by outcome; `refused` are (line in the file, why)."""

    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class _OnlyTrying(Exception):
    """Ends the transaction of a dry run."""


def export_departments(by: Person | None = None) -> str:
    """All departments, each after its parent, with the byte-order mark that makes spreadsheets read UTF-8.

    The contacts in it have names and numbers, so that somebody took them along is in the trail.
    """
    with transaction():
        audit.record("department:export", by)
    rows = list(db.session.scalars(department_tree().options(undefer(Department.duties))))
    codes = {row.id: row.code for row in rows}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(written(row, codes.get(row.parent_id or 0, "")) for row in rows)
    return "\ufeff" + out.getvalue()


def import_departments(by: Person, content: bytes, dry_run: bool = True) -> Report:
    """Add and change departments by code.

    A wrong row, and one of a department that the person does not reach, is refused with its line; the others go in.
    A column that the file lacks is left as it is, so a file of codes and former numbers changes nothing else. A dry run
    does all of it and keeps nothing.
    """
    report = Report(dry_run)
    rows = list(_rows(content))
    try:
        with transaction(), acting_as(by):
            for line, row in rows:
                _take(by, line, row, report)
            audit.record(
                "department:import",
                by,
                detail={
                    "added": report.added,
                    "changed": report.changed,
                    "refused": len(report.refused),
                },
            )
            if dry_run:
                raise _OnlyTrying
    except _OnlyTrying:
        pass
    return report


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the number of the line it ends on."""
    if len(content) > MOST_BYTES:
        raise Invalid(fields={"file": _("This file is too large.")})
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        missing = [name for name in ("code", "name") if name not in (reader.fieldnames or ())]
        if missing:
            raise Invalid(fields={"file": _("Columns are missing: %(names)s", names=", ".join(missing))})
        for count, row in enumerate(reader):
            if count >= MOST_ROWS:
                raise Invalid(fields={"file": _("This file has more than %(n)s rows.", n=MOST_ROWS)})
            yield reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)}
    except csv.Error as error:
        raise Invalid(fields={"file": _("This is not a CSV file: %(why)s", why=str(error))}) from error


def _text(content: bytes) -> str:
    """UTF-8, or GB18030 as older spreadsheets write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(fields={"file": _("This file is neither UTF-8 nor GB18030 text.")})


def _take(by: Person, line: int, row: dict[str, str], report: Report) -> None:
    """One row; whatever it changed before it was found wrong is undone."""
    try:
        with db.session.begin_nested():
            outcome = _put(by, facts(row))
    except HotlineError as error:
        said = "; ".join(str(what) for what in getattr(error, "fields", {}).values())
        report.refused.append((line, said or error.message))
    except DataError:
        report.refused.append((line, _("The database does not take this row.")))
    else:
        setattr(report, outcome, getattr(report, outcome) + 1)


def _put(by: Person, given: dict[str, Any]) -> str:
    moves = "parent" in given
    parent = _parent(given.pop("parent", ""))
    known = db.session.scalar(select(Department).where(Department.code == given["code"]))
    if known is None:
        ensure(by, "department:change", under(parent))
        create_department(parent=parent, **given)
        return "added"
    ensure(by, "department:change", known)
    del given["code"]
    kept = (
        "name", "short_name", "kind", "level", "former_numbers", "contacts", "active", "duties", "address", "hours",
    )  # fmt: skip
    changed = change_department(by, known, **{key: given.get(key, getattr(known, key)) for key in kept})
    if moves and known.parent_id != (parent.id if parent else None):
        ensure(by, "department:change", under(parent))
        changed = move_department(by, known, parent)
    return "changed" if changed else "unchanged"


def _parent(code: str) -> Department | None:
    if not code:
        return None
    parent = department_by_code(code)
    if parent is None:
        raise Invalid(_("There is no department %(code)s to stand under.", code=code))
    return parent
