"""Row by row through the same door as everybody's cases; what is refused is reported, not lost."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import HotlineError, Invalid
from config.extensions import db
from config.text import safe_cell
from config.transaction import transaction
from dispatch.models import Case
from dispatch.services.importing.columns import matched
from dispatch.services.importing.rows import Categories, RowReader
from dispatch.services.importing.tables import Row, read_table
from dispatch.services.importing.values import Meanings, checked
from dispatch.services.intake import CaseIntake, register_case
from dispatch.workflow import Channel

TITLE_LENGTH = 120


@dataclass
class ImportReport:
    """What became of the file. `refused` holds line number, reason and the row itself; `unknown` how many rows bring
    a value (field, value) that nobody has explained, refused or not."""

    taken: int = 0
    known: int = 0
    refused: list[tuple[int, str, Row]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def write(self, path: Path) -> None:
        """The refused rows as CSV with their line and reason, ready to be mended and imported again."""
        names = list(dict.fromkeys(name for _line, _reason, row in self.refused for name in row))
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["line", "reason", *names])
            for line, reason, row in self.refused:
                writer.writerow([line, reason, *(safe_cell(row.get(name, "")) for name in names)])


def import_cases(
    person: Person,
    path: Path,
    columns: Mapping[str, str] | None = None,
    *,
    meanings: Meanings | None = None,
    encoding: str | None = None,
    channel: Channel = Channel.WEB,
    category_code: str | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Register each row of the file as a case, as of its own time where it has one.

    `columns` maps fields to headings, `meanings` the file's words to ours; `category_code` is for rows whose category
    we still do not know. A category that is called otherwise in the file is kept as advice to the dispatcher. A row
    imported before is recognised by what it says and not taken twice. A dry run checks every row and keeps nothing.
    """
    ensure(person, "case:import")
    header, rows = read_table(path, encoding)
    report = ImportReport(columns=matched(header, columns or {}))
    known = Categories(category_code)
    reader = RowReader(report.columns, known, checked(meanings or {}, known.words), report.unknown)
    for line, row in rows:
        try:
            with transaction():
                new = _take(person, reader, row, channel)
                if dry_run:
                    raise _Undone(new)
            report.taken, report.known = report.taken + new, report.known + (not new)
        except _Undone as undone:
            report.taken, report.known = report.taken + undone.new, report.known + (not undone.new)
        except HotlineError as error:
            report.refused.append((line, _reason(error), row))
    if not dry_run:
        with transaction():
            detail = {"taken": report.taken, "refused": len(report.refused), "file": path.name}
            audit.record("case:import", person, ("file", path.name[:64]), detail)
    return report


class _Undone(Exception):
    """Rolls a row of a dry run back."""

    def __init__(self, new: bool) -> None:
        self.new = new


def _reason(error: HotlineError) -> str:
    if isinstance(error, Invalid) and error.fields:
        return "; ".join(f"{name}: {what}" for name, what in error.fields.items())
    return error.message


def _take(person: Person, reader: RowReader, row: Row, channel: Channel) -> bool:
    """Register the row. False if it was imported before."""
    key = _key(row, reader.columns)
    if db.session.scalar(select(Case.id).where(Case.intake_key == key)) is not None:
        return False
    facts = reader.read(row)
    at = facts.pop("registered_at", None)
    facts.setdefault("channel", channel)
    facts["title"] = facts.get("title", "")[:TITLE_LENGTH] or facts.get("content", "").strip()[:40]
    if at is not None and at > clock.now():
        raise Invalid(fields={"registered_at": _("This lies in the future.")})
    with clock.turned_to(at) if at is not None else nullcontext():
        register_case(person, CaseIntake(**facts, intake_key=key))
    return True


def _key(row: Row, columns: Mapping[str, str]) -> str:
    """The same row of the same file is the same case, however often it is imported."""
    external_no = row.get(columns.get("external_no", ""), "").strip()
    parts = [external_no, *(row.get(columns[name], "") for name in ("title", "content") if name in columns)]
    return "import:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:56]
