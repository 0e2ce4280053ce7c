"""A browser's report of a call's quality."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
Milliseconds = Annotated[float, Field(ge=0, le=600_000, allow_inf_nan=False)]
Score = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]


class QualityReport(BaseModel):
    """Sums since the leg was picked up; `CallQuality` says what each means."""

    model_config = ConfigDict(extra="forbid")

    leg: str = Field(min_length=1, max_length=64)
    seconds: int = Field(ge=0, le=86_400)
    codec: str = Field("", max_length=32, pattern=r"^[A-Za-z0-9/._-]*$")
    sent: Count
    received: Count
    lost: Count
    lost_there: Count
    jitter: Milliseconds
    worst_jitter: Milliseconds
    round_trip: Milliseconds
    worst_round_trip: Milliseconds
    score: Score
    worst_score: Score
    warnings: Count
    ended: bool = False
