"""Numbers that are known: blocked for a time, or let through first."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.models.call import Call
from hotline.words import NumberRuleKind, RuleState


class NumberRule(Model):
    """In force from `from_at` to `until_at` (empty: until lifted). `priority` counts for priority rules only.

    A block is proposed by an agent for so many `days`, with the call that is its reason, and decided by a shift lead.
    """

    __tablename__ = "number_rule"
    __table_args__ = (
        Index("ix_number_rule_number_index", "number_index"),
        Index("ix_number_rule_state", "state", text("id DESC")),
        Index(
            "uq_number_rule_proposed",
            "number_index",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
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
    state: Mapped[RuleState] = word_column(RuleState, default=RuleState.IN_FORCE)
    days: Mapped[int | None]
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Moment | None]

    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    call: Mapped[Call | None] = relationship()
