"""What a switch said and what it was told: append-only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Encrypted, Model, Moment


class CallEvent(Model):
    """One event, stored once. `at` is the switch's clock, held within ours; `body` the rest, numbers masked.

    The commands it was answered with are the rows of `call_command` that name it, so the answer to a repeated event
    is the stored one.
    """

    __tablename__ = "call_event"
    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_call_event_call_id", "call_id", "at"),
    )

    provider: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[str] = mapped_column(String(64))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    leg: Mapped[str | None] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(default=0)
    at: Mapped[Moment]
    received_at: Mapped[Moment]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class CallCommand(Model):
    """One command. With an `event_id` it was that event's answer; without, it goes through the provider's stream
    and is pushed again until acknowledged. A number to dial is kept sealed, apart from the arguments."""

    __tablename__ = "call_command"
    __table_args__ = (
        Index(
            "ix_call_command_unacknowledged",
            "provider",
            "issued_at",
            postgresql_where=text("event_id IS NULL AND acked_at IS NULL"),
        ),
        Index("ix_call_command_event_id", "event_id"),
        Index("ix_call_command_call_id", "call_id"),
    )

    key: Mapped[str] = mapped_column(String(32), unique=True)
    provider: Mapped[str] = mapped_column(String(64))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("call_event.id"))
    type: Mapped[str] = mapped_column(String(32))
    args: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    number: Mapped[str | None] = mapped_column(Encrypted)
    issued_at: Mapped[Moment]
    acked_at: Mapped[Moment | None]
    pushes: Mapped[int] = mapped_column(default=0)
