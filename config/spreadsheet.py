"""Tables as XLSX, written row by row, so that a long one costs no more memory than a short one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from config import clock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE = 12, 22


def write_table(target: Path | IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One sheet with a fixed head; how many rows it has. Moments are written in the city's time.

    Texts are never taken for formulas or links, whatever somebody outside wrote into them.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "tmpdir": tempfile.gettempdir(),
    }
    count = 0
    with Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, NARROW)
        sheet.set_column(0, 0, WIDE)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for count, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, count, column, value)
    return count


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, clock.local(value).replace(tzinfo=None))
    elif isinstance(value, bool) or value is None or isinstance(value, int | float):
        sheet.write(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
