"""Numbers that are known: blocked for a time, or let through first."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Encrypted, Model, Moment, word_column
from hotline.words import NumberRuleKind


class NumberRule(Model):
    """In force from `from_at` to `until_at` (empty: until taken away). `priority` counts for priority rules only."""

    __tablename__ = "number_rule"
    __table_args__ = (
        Index("ix_number_rule_number_index", "number_index"),
        CheckConstraint("until_at IS NULL OR until_at > from_at", name="in_order"),
    )

    number: Mapped[str] = mapped_column(Encrypted)
    number_index: Mapped[str] = mapped_column(String(64))
    kind: Mapped[NumberRuleKind] = word_column(NumberRuleKind)
    priority: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")
    from_at: Mapped[Moment]
    until_at: Mapped[Moment | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
