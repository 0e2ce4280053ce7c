"""The lines of switches that tell us of their calls."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment


class CtiLine(Model):
    """A switch and the token in the address it posts to; only the token's hash is kept."""

    __tablename__ = "cti_line"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
