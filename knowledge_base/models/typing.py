"""What is being typed in the editor and not yet saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment


class KnowledgeTyping(Model):
    """One per person and form (`new`, or an item's id), so that a session that ends in the middle loses nothing."""

    __tablename__ = "knowledge_typing"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[Moment]
