"""Rows of a CSV or XLSX file as dictionaries of text, whatever the encoding."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from config.errors import Invalid, Refused

ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 200_000
Row = dict[str, str]


def read_table(path: Path, encoding: str | None = None) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """`(header, rows)`; each row comes with its line number in the file (the header is line 1).

    Without `encoding`, UTF-8 is tried, then GB 18030. Refused where the file is neither a table nor readable.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        lines = _csv_lines(path, encoding)
    elif ending == ".xlsx":
        lines = _xlsx_lines(path)
    else:
        raise Refused(_("%(name)s: only CSV and XLSX files are taken.", name=path.name))
    header = [cell.strip() for cell in next(lines, (1, []))[1]]
    if not any(header):
        raise Refused(_("%(name)s is empty.", name=path.name))
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Refused(
            _("%(name)s: columns stand twice: %(columns)s", name=path.name, columns=", ".join(twice))
        )
    return header, (
        (number, dict(zip(header, [*cells, *[""] * len(header)], strict=False)))
        for number, cells in lines
        if any(cell.strip() for cell in cells)
    )


def _csv_lines(path: Path, encoding: str | None) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    text = _decoded(path, encoding)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, [cell.replace("\x00", "") for cell in cells]
    except csv.Error as error:
        raise Refused(
            _("%(name)s: line %(line)s cannot be read.", name=path.name, line=reader.line_num)
        ) from error


def _decoded(path: Path, encoding: str | None) -> str:
    content = path.read_bytes()
    for candidate in (encoding,) if encoding else ENCODINGS:
        try:
            return content.decode(candidate)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise Invalid(fields={"encoding": _("There is no such encoding.")}) from error
    raise Refused(_("%(name)s is in none of the encodings we read: give --encoding.", name=path.name))


def _xlsx_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Refused(_("%(name)s is not a workbook we can read.", name=path.name)) from error
    try:
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
