"""Departments as CSV: out for a spreadsheet, in with a dry run and a report of refused rows."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Department, DepartmentKind, DepartmentLevel, Person
from accounts.queries import department_tree
from accounts.services.departments import create_department
from config.errors import Invalid
from config.extensions import db
from config.transaction import transaction

COLUMNS = ("code", "name", "short_name", "kind", "level", "parent", "active", "former_numbers", "contacts")
LONGEST_FILE = 5_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Report:
    """What an import did, or would do. `refused` are (line, what is wrong)."""

    added: int = 0
    changed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    dry_run: bool = True


def export_departments() -> str:
    """All departments as CSV, each after its parent."""
    rows = list(db.session.scalars(department_tree()))
    codes = {row.id: row.code for row in rows}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        contacts = "; ".join(f"{c.get('name', '')} {c.get('phone', '')}".strip() for c in row.contacts)
        writer.writerow(
            map(
                safe_cell,
                (
                    row.code,
                    row.name,
                    row.short_name,
                    row.kind.value,
                    row.level.value,
                    codes.get(row.parent_id or 0, ""),
                    "1" if row.active else "0",
                    " ".join(row.former_numbers),
                    contacts,
                ),
            )
        )
    return out.getvalue()


def safe_cell(value: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def import_departments(by: Person, content: bytes, dry_run: bool = True) -> Report:
    """Add and change departments by code. Wrong rows are refused by line, the rest goes in; a dry run keeps nothing."""
    report = Report(dry_run=dry_run)
    try:
        with transaction():
            for line, row in _rows(content):
                _take(line, row, report)
            audit.record("department:import", by, detail={"added": report.added, "changed": report.changed})
            if dry_run:
                raise _OnlyTrying
    except _OnlyTrying:
        pass
    return report


class _OnlyTrying(Exception):
    """Ends the transaction of a dry run."""


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(content) > LONGEST_FILE:
        raise Invalid(fields={"file": _("This file is too large.")})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Invalid(fields={"file": _("This file is neither UTF-8 nor GB18030 text.")}) from error
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        missing = [name for name in ("code", "name") if name not in (reader.fieldnames or ())]
        if missing:
            raise Invalid(fields={"file": _("Columns are missing: %(names)s", names=", ".join(missing))})
        return [
            (line, {k: (v or "").strip() for k, v in row.items() if k})
            for line, row in enumerate(reader, start=2)
        ]
    except csv.Error as error:
        raise Invalid(fields={"file": _("This is not a CSV file: %(why)s", why=str(error))}) from error


def _take(line: int, row: dict[str, str], report: Report) -> None:
    try:
        facts = _facts(row)
        known = db.session.scalar(select(Department).where(Department.code == facts["code"]))
        if known is None:
            with db.session.begin_nested():
                create_department(**facts)
            report.added += 1
        else:
            for name in ("name", "short_name", "kind", "level"):
                if row.get(name):
                    setattr(known, name, facts[name])
            if row.get("former_numbers"):
                known.former_numbers = list(facts["former_numbers"])
            if row.get("active"):
                known.active = row["active"] not in ("0", "no", "false")
            report.changed += 1
    except Invalid as invalid:
        report.refused.append((line, invalid.message))


def _facts(row: dict[str, str]) -> dict[str, Any]:
    code, name = row["code"].removeprefix("'"), row["name"].removeprefix("'")
    if not code or len(code) > 32 or "\x00" in code + name:
        raise Invalid(_("A department needs a code of at most 32 characters."))
    if not name or len(name) > 120:
        raise Invalid(_("A department needs a name of at most 120 characters."))
    parent = None
    if wanted := row.get("parent"):
        parent = db.session.scalar(select(Department).where(Department.code == wanted))
        if parent is None:
            raise Invalid(_("There is no department %(code)s to stand under.", code=wanted))
    return {
        "code": code,
        "name": name,
        "short_name": row.get("short_name", "")[:40],
        "kind": _word(DepartmentKind, row.get("kind") or "terminal"),
        "level": _word(DepartmentLevel, row.get("level") or "bureau"),
        "parent": parent,
        "former_numbers": tuple(n[:32] for n in row.get("former_numbers", "").split()),
    }


def _word(words: Any, given: str) -> Any:
    for word in words:
        if given in (word.value, word.label):
            return word
    known = ", ".join(word.value for word in words)
    raise Invalid(_("“%(given)s” is none of: %(known)s", given=given, known=known))
