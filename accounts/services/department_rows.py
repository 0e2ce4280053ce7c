"""One department as one row of a CSV file: the columns, and how each is written and read."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from accounts.models import Department, DepartmentKind, DepartmentLevel
from config.errors import Invalid
from config.text import plain_cell, safe_cell
from config.words import Word

COLUMNS = (
    "code", "name", "short_name", "kind", "level", "parent", "active", "former_numbers", "contacts", "duties",
    "address", "hours",
)  # fmt: skip
LONGEST = {
    "code": 32,
    "name": 120,
    "short_name": 40,
    "parent": 32,
    "duties": 4000,
    "address": 200,
    "hours": 200,
}
_TEXTS = ("code", "name", "short_name", "parent", "duties", "address", "hours")
YES, NO = ("1", "yes", "true", "是"), ("0", "no", "false", "否")


def written(department: Department, parent_code: str) -> list[str]:
    """The cells of a department, safe to open in a spreadsheet."""
    cells = (
        department.code,
        department.name,
        department.short_name,
        department.kind.value,
        department.level.value,
        parent_code,
        YES[0] if department.active else NO[0],
        " ".join(department.former_numbers),
        contacts_text(department.contacts, "; "),
        department.duties,
        department.address,
        department.hours,
    )
    return [safe_cell(cell) for cell in cells]


def facts(row: dict[str, str]) -> dict[str, Any]:
    """The facts of those columns that the row has. Invalid, with a sentence for the report, where one is wrong."""
    cells = {name: plain_cell(text) for name, text in row.items() if name in COLUMNS}
    for name, text in cells.items():
        if "\x00" in text:
            raise Invalid(_("%(column)s holds something that is not text.", column=name))
        if len(text) > LONGEST.get(name, 2000):
            raise Invalid(
                _("%(column)s is longer than %(n)s characters.", column=name, n=LONGEST.get(name, 2000))
            )
    for name in ("code", "name"):
        if not cells.get(name):
            raise Invalid(_("%(column)s is missing.", column=name))
    found: dict[str, Any] = {n: cells[n] for n in _TEXTS if n in cells}
    if cells.get("kind"):
        found["kind"] = _word(DepartmentKind, cells["kind"])
    if cells.get("level"):
        found["level"] = _word(DepartmentLevel, cells["level"])
    if cells.get("active"):
        found["active"] = _yes(cells["active"])
    if "former_numbers" in cells:
        found["former_numbers"] = numbers(cells["former_numbers"])
    if "contacts" in cells:
        found["contacts"] = contacts(cells["contacts"].replace(";", "\n").replace("；", "\n"))
    return found


def numbers(text: str) -> list[str]:
    """Former numbers, as typed with spaces, commas or lines between them."""
    for separator in ",，、;；":
        text = text.replace(separator, " ")
    found = text.split()
    for number in found:
        if len(number) > 32 or not any(c.isdigit() for c in number):
            raise Invalid(_("“%(number)s” is not a telephone number.", number=number[:40]))
    return list(dict.fromkeys(found))


def contacts(text: str) -> list[dict[str, str]]:
    """Contacts, one a line: name, telephone, hours, with a bar between them."""
    found = []
    for line in text.replace("｜", "|").splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not any(parts):
            continue
        name, phone, hours, *more = [*parts, "", ""]
        if any(more) or not name or max(len(name), len(phone), len(hours)) > 80:
            raise Invalid(
                _("A contact is written: name | telephone | hours. This is not one: %(line)s", line=line[:60])
            )
        found.append({"name": name, "phone": phone, "hours": hours})
    return found


def contacts_text(known: list[dict[str, Any]], between: str = "\n") -> str:
    """The inverse of `contacts`."""
    return between.join(
        " | ".join(str(one.get(key, "")) for key in ("name", "phone", "hours")).rstrip(" |") for one in known
    )


def _word(words: type[Word], given: str) -> Word:
    for word in words:
        if given in (word.value, word.label):
            return word
    known = ", ".join(f"{word.value} ({word.label})" for word in words)
    raise Invalid(_("“%(given)s” is none of: %(known)s", given=given[:40], known=known))


def _yes(given: str) -> bool:
    if given.lower() in YES:
        return True
    if given.lower() in NO:
        return False
    raise Invalid(_("“%(given)s” is none of: %(known)s", given=given[:40], known="1, 0"))
