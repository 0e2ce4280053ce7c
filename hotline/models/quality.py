"""How a talk sounded to the telephone in the browser."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model, Moment
from hotline.models.leg import CallLeg
from hotline.words import VoiceQuality, voice_quality


class CallQuality(Model):
    """One row per leg: the browser's figures since it picked up, each report in the place of the one before.

    `lost` of `received` + `lost` packets did not reach the browser, `lost_there` did not reach the switch. Jitter and
    round trip are milliseconds, mean and worst. `score` is the mean opinion score expected from them (1 … 4.5), mean
    and worst stretch; `warnings` counts the stretches that were poor.
    """

    __tablename__ = "call_quality"
    __table_args__ = (
        UniqueConstraint("leg_id"),
        CheckConstraint("score BETWEEN 1 AND 5 AND worst_score BETWEEN 1 AND 5", name="scores"),
    )

    leg_id: Mapped[int] = mapped_column(ForeignKey("call_leg.id", ondelete="CASCADE"))
    told_at: Mapped[Moment]
    seconds: Mapped[int]
    codec: Mapped[str] = mapped_column(String(32), default="")
    sent: Mapped[int]
    received: Mapped[int]
    lost: Mapped[int]
    lost_there: Mapped[int]
    jitter: Mapped[float]
    worst_jitter: Mapped[float]
    round_trip: Mapped[float]
    worst_round_trip: Mapped[float]
    score: Mapped[float]
    worst_score: Mapped[float]
    warnings: Mapped[int] = mapped_column(default=0)
    ended: Mapped[bool] = mapped_column(default=False)

    leg: Mapped[CallLeg] = relationship()

    @property
    def word(self) -> VoiceQuality:
        """What people would call it."""
        return voice_quality(self.score)

    @property
    def loss(self) -> float:
        """The part of the citizen's voice that did not arrive, 0 … 1."""
        return self.lost / (self.received + self.lost) if self.received + self.lost else 0.0

    @property
    def loss_there(self) -> float:
        """The part of the agent's voice that did not arrive at the switch, 0 … 1."""
        return self.lost_there / self.sent if self.sent else 0.0
