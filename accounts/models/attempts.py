"""Failed sign-ins by network address: who tries one password on many accounts locks none of them."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment


class AddressAttempts(Model):
    """Failures from one address since `since`; past the limit it rests until `locked_until`."""

    __tablename__ = "address_attempts"

    address: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[Moment]
    locked_until: Mapped[Moment | None]
