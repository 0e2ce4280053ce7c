"""Departments: a tree from the city down to the community, of three kinds (domain § 1)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model, word_column
from config.words import Hue, Word


class DepartmentKind(Word):
    """How a department is joined to the hotline."""

    SYSTEM = "system", _l("Own call centre"), Hue.QUIET
    MERGED = "merged", _l("Number merged"), Hue.QUIET
    TERMINAL = "terminal", _l("Terminal user"), Hue.QUIET


class DepartmentLevel(Word):
    """Where in the tree it stands."""

    CITY = "city", _l("City"), Hue.QUIET
    DISTRICT = "district", _l("District"), Hue.QUIET
    BUREAU = "bureau", _l("Bureau"), Hue.QUIET
    STREET = "street", _l("Street or township"), Hue.QUIET
    SECTION = "section", _l("Section"), Hue.QUIET
    COMMUNITY = "community", _l("Community"), Hue.QUIET


class Department(Model):
    """`path` holds the ids from the root down, `/1/5/9/`, so that a subtree is one prefix."""

    __tablename__ = "department"
    __table_args__ = (
        Index("ix_department_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        Index("ix_department_parent_id", "parent_id"),
    )

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[DepartmentKind] = word_column(DepartmentKind)
    level: Mapped[DepartmentLevel] = word_column(DepartmentLevel)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    path: Mapped[str] = mapped_column(String(255), default="")
    active: Mapped[bool] = mapped_column(default=True)
    former_numbers: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list)
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    duties: Mapped[str] = mapped_column(Text, default="", deferred=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")

    parent: Mapped[Department | None] = relationship(remote_side="Department.id")

    def is_under(self, other: Department) -> bool:
        """Whether this is `other` or stands below it."""
        return self.path.startswith(other.path)

    def __str__(self) -> str:
        return self.short_name or self.name
