"""What we know of the carrier's calls. The database is the memory: any web process may be asked about any leg."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Encrypted, Model, Moment
from hotline.telephony.contract import CITIZEN, OURS


class TwimlCall(Model):
    """`key` is the call's name in the contract. `room` counts its conferences: whoever goes back into a queue waits in
    a new one. `obeyed`: the commands carried out already. `tape`: the recording as it was ordered."""

    __tablename__ = "twiml_call"
    __table_args__ = (CheckConstraint("tape IN ('', 'on', 'paused')", name="tape"),)

    key: Mapped[str] = mapped_column(String(64), unique=True)
    room: Mapped[int] = mapped_column(default=1)
    tape: Mapped[str] = mapped_column(String(8), default="")
    obeyed: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default=list)
    made_at: Mapped[Moment]


class TwimlLeg(Model):
    """One telephone. What it is to hear is written here, and its document is rendered from it whenever it is asked for.

    `place`: nowhere, `queue` or `room`. `hears`: prompts still to come, `heard` how many there ever were. `version`
    counts changes of the document, `told` is the one the carrier has. `sid` is the carrier's name of it. `role` is as
    in the contract's `ring`: an agent who forwards is rung at a number like a citizen.
    """

    __tablename__ = "twiml_leg"
    __table_args__ = (
        Index("uq_twiml_leg_sid", "sid", unique=True, postgresql_where=text("sid IS NOT NULL")),
        Index("ix_twiml_leg_call_id", "call_id"),
        Index("ix_twiml_leg_silent", "news_at", postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("place IN ('', 'queue', 'room')", name="place"),
        CheckConstraint("told <= version", name="told"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("twiml_call.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sid: Mapped[str | None] = mapped_column(String(64))
    seat: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[str | None] = mapped_column(Encrypted)
    role: Mapped[str] = mapped_column(String(16), default="", server_default="")
    place: Mapped[str] = mapped_column(String(8), default="")
    music: Mapped[str] = mapped_column(String(64), default="")
    hears: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    heard: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)
    held: Mapped[bool] = mapped_column(default=False)
    listens_to: Mapped[str | None] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16), default="")
    conference: Mapped[str | None] = mapped_column(String(64))
    hangup_asked: Mapped[str] = mapped_column(String(64), default="")
    hangup_asked_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    waiting_since: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    news_at: Mapped[Moment]

    call: Mapped[TwimlCall] = relationship()

    @property
    def is_ours(self) -> bool:
        """Whether somebody of the hotline's is rung, at a seat or where they forward to."""
        return self.seat is not None or self.role in OURS

    @property
    def is_citizen(self) -> bool:
        """Whose line is recorded, and whose number is shown at a seat. A leg from before the roles were told counts as
        one if it is no seat's."""
        return self.role == CITIZEN or (not self.role and self.seat is None)


class TwimlOrder(Model):
    """Something to be asked of the carrier's REST interface. Those of one leg go one after the other.

    `key` makes it one order however often the command comes. It is tried again until done, or given up with `failure`.
    """

    __tablename__ = "twiml_order"
    __table_args__ = (
        Index("ix_twiml_order_open", "next_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_twiml_order_leg", "leg", postgresql_where=text("done_at IS NULL")),
        Index("ix_twiml_order_call_id", "call_id"),
    )

    key: Mapped[str] = mapped_column(String(96), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("twiml_call.id"))
    leg: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    made_at: Mapped[Moment]
    next_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[Moment | None]
    failure: Mapped[str] = mapped_column(String(300), default="")
