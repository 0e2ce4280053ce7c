"""What another system's words mean in ours: said by hand or in a table, and counted where nobody said it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from flask_babel import gettext as _

from config.errors import Invalid
from config.text import plain_cell, safe_cell
from dispatch.services.importing.columns import READERS
from dispatch.services.importing.tables import read_table

TRANSLATED = (
    "category",
    "category_code",
    "request_type",
    "urgency",
    "channel",
    "citizen_sex",
    "citizen_kind",
    "confidential",
    "anonymous",
    "district_code",
    "street_code",
)
"""The fields that hold one word out of few."""

HEADING = ("field", "value", "becomes", "rows")
Meanings = Mapping[str, Mapping[str, str]]
"""`{field: {their word: ours}}`"""


def read_meanings(path: Path, encoding: str | None = None) -> dict[str, dict[str, str]]:
    """From a table with the columns `field`, `value` and `becomes`; lines that say nothing are passed over."""
    header, rows = read_table(path, encoding)
    if missing := [name for name in HEADING[:3] if name not in header]:
        raise Invalid(fields={name: _("The file has no column “%(name)s”.", name=name) for name in missing})
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for _line, row in rows:
        if row["becomes"].strip():
            found[row["field"].strip()][plain_cell(row["value"])] = row["becomes"].strip()
    return dict(found)


def write_unknown(path: Path, unknown: Counter[tuple[str, str]]) -> None:
    """The values nobody has explained, the frequent ones first, as a table that `read_meanings` takes filled in."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADING)
        writer.writerows([name, safe_cell(value), "", rows] for (name, value), rows in unknown.most_common())


def checked(meanings: Meanings, categories: Iterable[str]) -> Meanings:
    """The meanings, or Invalid naming each that is none of our words; `categories` are our codes and names."""
    wrong: dict[str, str] = {}
    known = frozenset(categories)
    for name, words in meanings.items():
        if name not in TRANSLATED:
            wrong[name] = _(
                "Values of this field have no meanings; those of these have: %(names)s",
                names=", ".join(TRANSLATED),
            )
            continue
        for theirs, ours in words.items():
            try:
                READERS.get(name, str)(ours)
            except ValueError as error:
                wrong[f"{name}:{theirs}"] = str(error)
            if name in ("category", "category_code") and ours not in known:
                wrong[f"{name}:{theirs}"] = _("There is no such category.")
    if wrong:
        raise Invalid(fields=wrong)
    return meanings
