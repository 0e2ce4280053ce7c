"""The lines to the telephone network."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Encrypted, Model, Moment


class Trunk(Model):
    """A carrier's end, by SIP. It is known by its address; with a `username` we prove who we are when we call out, and
    with `registers` we also tell it where we are. `online` is what its switch last said, since `changed_at`;
    `fell_times`: how often it went."""

    __tablename__ = "trunk"
    __table_args__ = (
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        CheckConstraint("NOT registers OR username <> ''", name="registers_as_somebody"),
    )

    name: Mapped[str] = mapped_column(String(32), unique=True)
    host: Mapped[str] = mapped_column(String(120))
    port: Mapped[int] = mapped_column(default=5060)
    username: Mapped[str] = mapped_column(String(80), default="")
    secret: Mapped[str | None] = mapped_column(Encrypted)
    registers: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    online: Mapped[bool] = mapped_column(default=True, server_default="true")
    changed_at: Mapped[Moment | None]
    fell_times: Mapped[int] = mapped_column(default=0, server_default="0")
