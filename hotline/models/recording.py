"""Recordings as records: where the switch keeps the sound, and what proves it unaltered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model, Moment
from hotline.models.call import Call


class Recording(Model):
    """`started_at` from recording.started; url, seconds and sha256 from recording.ready, in whichever order.

    Afterwards it is fetched from the switch and kept sealed under `kept_as`; `peaks` draws its waveform, one byte each.
    `is_message`: the citizen's alone, left for us. `deleted_at`: when its time was over. `held_by_id` keeps it beyond
    that: somebody needs it as evidence.
    """

    __tablename__ = "recording"
    __table_args__ = (
        Index("ix_recording_call_id", "call_id"),
        Index("uq_recording_url", "call_id", "url", unique=True, postgresql_where=text("url <> ''")),
        Index(
            "ix_recording_to_fetch",
            "ready_at",
            postgresql_where=text("kept_at IS NULL AND ready_at IS NOT NULL"),
        ),
        Index(
            "ix_recording_kept", "kept_at", postgresql_where=text("deleted_at IS NULL AND held_by_id IS NULL")
        ),
        CheckConstraint("(ready_at IS NULL) = (url = '')", name="ready_with_url"),
        CheckConstraint("(kept_at IS NULL) = (kept_as IS NULL)", name="kept_somewhere"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    is_message: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[Moment | None]
    ready_at: Mapped[Moment | None]
    url: Mapped[str] = mapped_column(String(1000), default="")
    seconds: Mapped[float | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    kept_as: Mapped[str | None] = mapped_column(String(64))
    kept_at: Mapped[Moment | None]
    size: Mapped[int | None]
    peaks: Mapped[bytes | None] = mapped_column(LargeBinary)
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(200), default="")
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deleted_at: Mapped[Moment | None]

    call: Mapped[Call] = relationship()

    @property
    def is_here(self) -> bool:
        """Whether it can be played."""
        return self.kept_at is not None and self.deleted_at is None
