"""Code tables: the category tree and the places of the city."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department
from config.model import Model, word_column
from config.words import Hue, Word
from dispatch.workflow import Urgency


class Category(Model):
    """A branch (`03`) or a leaf (`0305`) of the tree; the parent's code is a prefix. Rows carry active dates."""

    __tablename__ = "category"
    __table_args__ = (Index("ix_category_parent_code", "parent_code"),)

    code: Mapped[str] = mapped_column(String(12), unique=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    name: Mapped[str] = mapped_column(String(60))
    path_name: Mapped[str] = mapped_column(String(160), doc="城市管理 › 路灯")
    default_urgency: Mapped[Urgency] = word_column(Urgency, default=Urgency.NORMAL)
    lead_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    lead_is_local: Mapped[bool] = mapped_column(
        default=False, doc="The place's own street or district leads, not the bureau."
    )
    active_from: Mapped[date | None]
    active_until: Mapped[date | None]

    lead_department: Mapped[Department | None] = relationship()


class PlaceLevel(Word):
    DISTRICT = "district", _l("District"), Hue.QUIET
    STREET = "street", _l("Street or township"), Hue.QUIET
    COMMUNITY = "community", _l("Community"), Hue.QUIET


class Place(Model):
    """A district, street or community, and the department that is its own."""

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_parent_code", "parent_code"),)

    code: Mapped[str] = mapped_column(String(12), unique=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    level: Mapped[PlaceLevel] = word_column(PlaceLevel)
    name: Mapped[str] = mapped_column(String(60))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    department: Mapped[Department | None] = relationship()
