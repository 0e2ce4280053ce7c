"""A leg: one participant's line into a call's room. It holds facts; its state follows from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.words import LegPhase, LegRole, ListenMode, Purpose


class CallLeg(Model):
    """Each moment is written once; of two tellings the earlier wins.

    `rung_at`, `connected_at`, `given_up_at`, `hangup_asked_at` are our deeds, the others the switch's news.
    `hold_wanted` is what we last asked for, `resume_asked_at` when the last hold was to end.
    `role` is empty while only the switch has spoken of this leg. Citizen and agent have no `purpose`, all others do,
    and an agent who is rung anew; who is handed the citizen becomes the agent. `hears` is how a shift lead wants to
    listen, `heard` what was ordered.
    """

    __tablename__ = "call_leg"
    __table_args__ = (
        UniqueConstraint("call_id", "key"),
        # The database itself refuses to give an agent a second call.
        Index(
            "uq_call_leg_agent_live",
            "agent_id",
            unique=True,
            postgresql_where=text("agent_id IS NOT NULL AND ended_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_call_leg_agent_id", "agent_id", text("rung_at DESC")),
        Index("ix_call_leg_seat", "seat", "call_id", postgresql_where=text("seat IS NOT NULL")),
        CheckConstraint("role <> 'agent' OR agent_id IS NOT NULL", name="agent_leg_has_agent"),
        CheckConstraint("(hears IS NULL AND heard IS NULL) OR agent_id IS NOT NULL", name="listener_is_ours"),
        CheckConstraint("ended_at IS NOT NULL OR (end_cause = '' AND end_by = '')", name="cause_of_an_end"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    key: Mapped[str] = mapped_column(String(64))
    role: Mapped[LegRole | None] = word_column(LegRole)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[str | None] = mapped_column(Encrypted)

    rung_at: Mapped[Moment | None]
    ringing_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    connected_at: Mapped[Moment | None]
    held_at: Mapped[list[datetime]] = mapped_column(ARRAY(TIMESTAMP(timezone=True)), default=list)
    resumed_at: Mapped[list[datetime]] = mapped_column(ARRAY(TIMESTAMP(timezone=True)), default=list)
    hold_wanted: Mapped[bool] = mapped_column(default=False)
    resume_asked_at: Mapped[Moment | None]
    given_up_at: Mapped[Moment | None]
    hangup_asked_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    end_cause: Mapped[str] = mapped_column(String(64), default="")
    end_by: Mapped[str] = mapped_column(String(64), default="")

    phase: Mapped[LegPhase | None] = word_column(LegPhase)
    purpose: Mapped[Purpose | None] = word_column(Purpose)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hears: Mapped[ListenMode | None] = word_column(ListenMode)
    heard: Mapped[str | None] = mapped_column(String(32))

    agent: Mapped[Person | None] = relationship(foreign_keys=[agent_id])
    invited_by: Mapped[Person | None] = relationship(foreign_keys=[invited_by_id])

    @property
    def is_live(self) -> bool:
        """Not over, as far as anybody told."""
        return self.ended_at is None

    @property
    def is_over(self) -> bool:
        """Over for us: ended, or given up though the switch has not confirmed it yet."""
        return self.ended_at is not None or self.given_up_at is not None
