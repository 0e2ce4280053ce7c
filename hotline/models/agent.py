"""What each agent is doing now, and has done before."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.models.call import Call
from hotline.models.leg import CallLeg
from hotline.models.seat import Seat
from hotline.words import AgentState, NotReadyReason


class AgentPresence(Model):
    """One row per agent. `idle_since` is kept through a ring that came to nothing, so nobody loses their turn;
    `next_reason` is the break asked for in mid-call, which begins after the wrap-up. `browser` is the one that is the
    telephone of a seat in the browser: one takes it from another, and both are told. `forwards_to`: calls for this
    agent ring that number instead of the seat (呼叫转移), until they sign off. `failed_rings`: so many rings running
    could not be, since they last talked or sat down; nobody is rung here before `rests_until`."""

    __tablename__ = "agent_presence"
    __table_args__ = (
        UniqueConstraint("agent_id"),
        Index("uq_agent_presence_seat", "seat_id", unique=True, postgresql_where=text("seat_id IS NOT NULL")),
        Index("ix_agent_presence_idle", "idle_since", postgresql_where=text("state = 'idle'")),
        Index("ix_agent_presence_state", "state"),
        CheckConstraint("(state = 'signed_out') = (seat_id IS NULL)", name="seat_while_on_duty"),
        CheckConstraint("(state = 'not_ready') = (reason IS NOT NULL)", name="reason_of_not_ready"),
        CheckConstraint("(state = 'wrap_up') = (wrap_until IS NOT NULL)", name="wrap_up_ends"),
        CheckConstraint("(state IN ('reserved', 'talking')) = (leg_id IS NOT NULL)", name="in_call_has_leg"),
        CheckConstraint("leg_id IS NULL OR call_id IS NOT NULL", name="leg_of_call"),
        CheckConstraint("state <> 'idle' OR idle_since IS NOT NULL", name="idle_since"),
        CheckConstraint("browser IS NULL OR seat_id IS NOT NULL", name="browser_at_a_seat"),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[AgentState] = word_column(AgentState)
    reason: Mapped[NotReadyReason | None] = word_column(NotReadyReason)
    next_reason: Mapped[str | None] = mapped_column(String(32))
    since: Mapped[Moment]
    idle_since: Mapped[Moment | None]
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    leg_id: Mapped[int | None] = mapped_column(ForeignKey("call_leg.id"))
    wrap_until: Mapped[Moment | None]
    browser: Mapped[str | None] = mapped_column(String(36))
    forwards_to: Mapped[str | None] = mapped_column(Encrypted)
    failed_rings: Mapped[int] = mapped_column(default=0, server_default="0")
    rests_until: Mapped[Moment | None]

    agent: Mapped[Person] = relationship()
    seat: Mapped[Seat | None] = relationship()
    call: Mapped[Call | None] = relationship()
    leg: Mapped[CallLeg | None] = relationship()


class AgentStateChange(Model):
    """One stretch of an agent's day; exactly one per agent is open. `over_at`: a break outlasted its allowance, and the
    floor was told."""

    __tablename__ = "agent_state_change"
    __table_args__ = (
        Index(
            "uq_agent_state_change_open", "agent_id", unique=True, postgresql_where=text("until_at IS NULL")
        ),
        Index("ix_agent_state_change_agent", "agent_id", text("from_at DESC")),
        Index("ix_agent_state_change_from", "from_at"),
        Index("ix_agent_state_change_over", "over_at", postgresql_where=text("over_at IS NOT NULL")),
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="in_order"),
        CheckConstraint("over_at IS NULL OR state = 'not_ready'", name="only_breaks_run_over"),
        CheckConstraint("(state = 'not_ready') = (reason IS NOT NULL)", name="reason_of_not_ready"),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[AgentState] = word_column(AgentState)
    reason: Mapped[NotReadyReason | None] = word_column(NotReadyReason)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    from_at: Mapped[Moment]
    until_at: Mapped[Moment | None]
    over_at: Mapped[Moment | None]
