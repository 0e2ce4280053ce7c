"""Files that belong to a version."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model
from config.storage import StoredFile
from knowledge_base.models.version import KnowledgeVersion


class KnowledgeAttachment(Model):
    """A revision starts with the attachments of the version it revises; the bytes are kept once."""

    __tablename__ = "knowledge_attachment"
    __table_args__ = (Index("ix_knowledge_attachment_version_id", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("knowledge_version.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    version: Mapped[KnowledgeVersion] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined")
