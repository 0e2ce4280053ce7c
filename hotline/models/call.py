"""A call: what is known of it, and what follows from that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Encrypted, Model, Moment, word_column
from hotline.models.queue import CallQueue
from hotline.words import CallState, Direction, EndReason


class Call(Model):
    """One row per call of a switch.

    The moments down to `hung_up_at` are facts, told by events or done by us; each is written once, the earliest
    telling wins. Everything after them is derived from the facts by `hotline.engine.derive` and may be recomputed.
    `arrived_at` is empty until `call.incoming` was heard, should another event of the call have come first.
    `caller_number` is the citizen's, also where we call them. `agent_id` is who talks with them, or did so last.
    `requeued_at`: an agent sent the citizen back into a queue. `place_since`: an outgoing call that waits in the place
    a citizen kept, since they joined the queue; nobody is rung before its turn. `led_elsewhere`: another switch queues
    and puts through, and only tells of it; nothing is decided here, and no figure of ours counts it. `emergency`: the
    number that was called into it (110 …).

    `welcome`: the flow is walked before anybody is asked for, namely the version with the key `flow_version`, or the
    house's own where that is empty. `flow_position` is where the caller stands in it, `flow_answer` what they
    answered to the question put there. `department_id` is whose former number was dialled.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("provider", "provider_call"),
        Index("ix_call_arrived", text("arrived_at DESC"), text("id DESC")),
        Index("ix_call_live", "state", "queue_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_call_silent", "last_event_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_call_caller", "caller_index", text("arrived_at DESC")),
        Index("ix_call_agent", "agent_id", text("arrived_at DESC")),
        Index("ix_call_queue", "queue_id", text("arrived_at DESC")),
        # For searches by length: they find the few long ones, or none, without looking at every call of a queue.
        Index("ix_call_wait", "wait_seconds"),
        Index("ix_call_talk", "talk_seconds"),
        Index("ix_call_end_reason", "end_reason", text("arrived_at DESC")),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
        CheckConstraint("(ended_at IS NULL) = (state <> 'ended')", name="ended_state"),
        CheckConstraint(
            "answered_at IS NULL OR agent_id IS NOT NULL OR led_elsewhere", name="answered_by_somebody"
        ),
        CheckConstraint("queued_at IS NULL OR queue_id IS NOT NULL", name="queued_somewhere"),
        CheckConstraint("(farewell_at IS NULL) = (farewell IS NULL)", name="farewell_with_words"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("rating IS NULL OR rated_at IS NOT NULL", name="rated_some_time"),
        CheckConstraint(
            "state NOT IN ('talking', 'held') OR answered_at IS NOT NULL", name="talking_answered"
        ),
    )

    call_no: Mapped[str] = mapped_column(String(32), unique=True)
    provider: Mapped[str] = mapped_column(String(64))
    provider_call: Mapped[str] = mapped_column(String(64))
    direction: Mapped[Direction] = word_column(Direction)
    caller_number: Mapped[str | None] = mapped_column(Encrypted)
    caller_index: Mapped[str | None] = mapped_column(String(64))
    dialled: Mapped[str] = mapped_column(String(32), default="")

    # -- settled when the call is introduced
    led_elsewhere: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)
    welcome: Mapped[bool] = mapped_column(default=True)
    flow_version: Mapped[str] = mapped_column(String(32), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    preferred_seat: Mapped[str | None] = mapped_column(String(64))
    preferred_agent_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    place_since: Mapped[Moment | None]
    asks_rating: Mapped[bool] = mapped_column(default=False)

    # -- facts
    first_heard_at: Mapped[Moment]
    last_event_at: Mapped[Moment]
    arrived_at: Mapped[Moment | None]
    greeted_at: Mapped[Moment | None]
    asked_at: Mapped[Moment | None]
    asked_key: Mapped[str] = mapped_column(String(32), default="")
    asked_queue: Mapped[str] = mapped_column(String(32), default="")
    flow_position: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    flow_answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    queued_at: Mapped[Moment | None]
    blocked_at: Mapped[Moment | None]
    hung_up_at: Mapped[Moment | None]
    requeued_at: Mapped[Moment | None]
    help_asked_at: Mapped[Moment | None]
    recording_paused_at: Mapped[Moment | None]
    recording_paused_until: Mapped[Moment | None]
    callback_at: Mapped[Moment | None]
    callback_kept_at: Mapped[Moment | None]
    voicemail_at: Mapped[Moment | None]
    message_at: Mapped[Moment | None]
    survey_at: Mapped[Moment | None]
    survey_done_at: Mapped[Moment | None]
    rated_at: Mapped[Moment | None]
    rated_key: Mapped[str] = mapped_column(String(1), default="")
    farewell: Mapped[str | None] = mapped_column(String(32))
    farewell_at: Mapped[Moment | None]
    farewell_heard_at: Mapped[Moment | None]
    emergency: Mapped[str] = mapped_column(String(8), default="")
    queue_id: Mapped[int | None] = mapped_column(ForeignKey("call_queue.id"))

    # -- derived
    state: Mapped[CallState] = word_column(CallState)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[EndReason | None] = word_column(EndReason)
    wait_seconds: Mapped[float | None]
    ring_seconds: Mapped[float | None]
    talk_seconds: Mapped[float | None]
    hold_seconds: Mapped[float | None]
    wrap_seconds: Mapped[float | None]
    rating: Mapped[int | None]

    queue: Mapped[CallQueue | None] = relationship()
    agent: Mapped[Person | None] = relationship(foreign_keys=[agent_id])
    department: Mapped[Department | None] = relationship()

    def __str__(self) -> str:
        return self.call_no
