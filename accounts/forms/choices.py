"""Choices that several forms offer, and how they are read back."""

from __future__ import annotations

from typing import Any, TypeVar

from accounts.models import Department
from accounts.queries import department_tree
from config.extensions import db
from config.words import Word

W = TypeVar("W", bound=Word)
INDENT = "　"
CITY = "0"
"""No department: a right that reaches everywhere. It is chosen in so many words, never by leaving a field empty."""


def department_choices(nothing: str, none: str = "") -> list[tuple[str, str]]:
    """Every active department, indented as it stands in the tree, after the choice of none of them."""
    rows = db.session.scalars(department_tree().where(Department.active))
    return [(none, nothing), *((str(row.id), INDENT * depth(row) + row.name) for row in rows)]


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
