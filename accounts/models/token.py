"""Bearer tokens of API clients."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.person import Person
from config.model import Model, Moment

SCOPES = ("cases:read", "cases:write", "kpis:read", "codes:read", "knowledge:import")


class ApiToken(Model):
    """A token acts as a person of its own with the role API client; only its hash is kept."""

    __tablename__ = "api_token"

    name: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    used_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship(lazy="joined")
