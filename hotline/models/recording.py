"""Recordings as records: where the switch keeps the sound, and what proves it unaltered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment


class Recording(Model):
    """`started_at` from recording.started; url, seconds and sha256 from recording.ready, in whichever order."""

    __tablename__ = "recording"
    __table_args__ = (
        Index("ix_recording_call_id", "call_id"),
        Index("uq_recording_url", "call_id", "url", unique=True, postgresql_where=text("url <> ''")),
        CheckConstraint("(ready_at IS NULL) = (url = '')", name="ready_with_url"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    started_at: Mapped[Moment | None]
    ready_at: Mapped[Moment | None]
    url: Mapped[str] = mapped_column(String(1000), default="")
    seconds: Mapped[float | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
