"""Seats with a telephone, skills, and who has which."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Encrypted, Model, Moment
from hotline.telephony import DEFAULT_PROVIDER


class Seat(Model):
    """A telephone an agent can sit at, on the switch of `provider`. `online` is what that switch last said of it;
    a switch may say nothing. `secret` is what it registers with; `in_browser`: the workbench is the telephone.
    `address`: where its switch finds it, if not by its number. `contact`: the `name@host:port` under which the
    telephone that is online registered, where the switch tells; `taken_times`: how often another came in its place.
    `failed_times`: how often a ring could not be, last at `failed_at`."""

    __tablename__ = "seat"

    number: Mapped[str] = mapped_column(String(32), unique=True)
    provider: Mapped[str] = mapped_column(String(64), default=DEFAULT_PROVIDER)
    site: Mapped[str] = mapped_column(String(80), default="")
    secret: Mapped[str | None] = mapped_column(Encrypted)
    in_browser: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(120), default="")
    online: Mapped[bool] = mapped_column(default=True)
    contact: Mapped[str] = mapped_column(String(128), default="", server_default="")
    taken_times: Mapped[int] = mapped_column(default=0, server_default="0")
    taken_at: Mapped[Moment | None]
    failed_times: Mapped[int] = mapped_column(default=0, server_default="0")
    failed_at: Mapped[Moment | None]
    active: Mapped[bool] = mapped_column(default=True)


class Skill(Model):
    """What a caller may need and an agent may have."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class AgentSkill(Model):
    """`level` 1 … 9: of the idle agents, those of the highest level are asked first."""

    __tablename__ = "agent_skill"
    __table_args__ = (
        UniqueConstraint("agent_id", "skill_id"),
        CheckConstraint("level BETWEEN 1 AND 9", name="level"),
        Index("ix_agent_skill_skill_id", "skill_id"),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"))
    level: Mapped[int] = mapped_column(default=5)

    skill: Mapped[Skill] = relationship()
