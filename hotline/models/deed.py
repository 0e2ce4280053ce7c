"""What people pressed in a call: append-only, beside what the switch told and was told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from hotline.words import Deed


class CallDeed(Model):
    """`detail` holds what the deed needs to be understood later; never a whole telephone number of a citizen."""

    __tablename__ = "call_deed"
    __table_args__ = (
        Index("ix_call_deed_call_id", "call_id", "at"),
        Index("ix_call_deed_deed", "deed", "call_id"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    at: Mapped[Moment]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deed: Mapped[Deed] = word_column(Deed)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    person: Mapped[Person | None] = relationship()
