"""A passage: the smallest piece that answers a question; search finds passages, pages show items."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model
from knowledge_base.models.version import KnowledgeVersion


class Passage(Model):
    """Cut from the body when a version is published. `heading` is the path to it, `Chapter 2 › Section 1`."""

    __tablename__ = "knowledge_passage"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("knowledge_version.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)

    version: Mapped[KnowledgeVersion] = relationship(back_populates="passages")
