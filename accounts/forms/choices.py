"""Choices that several forms offer, and how they are read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from accounts.models import Department
from accounts.queries import department_tree
from config.extensions import db
from config.words import Word

W = TypeVar("W", bound=Word)
INDENT = "　"
CITY = "0"
"""No department: a right that reaches everywhere. It is chosen in so many words, never by leaving a field empty."""


def department_choices(
    nothing: str, none: str = "", scope: Sequence[str] = ("/",), gone: bool = False
) -> list[tuple[str, str]]:
    """Active departments (with `gone`, all) under the path prefixes `scope`, indented as they stand in the tree.

    Before them the choice of none, for whom the whole city is in scope; for others an empty choice.
    """
    rows = db.session.scalars(department_tree() if gone else department_tree().where(Department.active))
    found = [row for row in rows if row.path.startswith(tuple(scope))]
    first = (none, nothing) if "/" in scope else ("", "–")
    return [first, *((str(row.id), INDENT * depth(row) + row.name) for row in found)]


def depth(department: Department) -> int:
    """How many departments stand above it."""
    return department.path.count("/") - 2


def department_of(text: str | None) -> Department | None:
    """The department whose number was chosen."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    return db.session.get(Department, int(text))


def one_of(words: type[W], text: Any) -> W | None:
    """The word of that value, or None."""
    return next((word for word in words if word.value == text), None)
