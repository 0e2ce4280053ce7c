"""What is being typed, and the files that go with a case."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Encrypted, Model, Moment
from config.storage import StoredFile


class CaseDraft(Model):
    """What somebody is typing, kept for them until they finish or discard it."""

    __tablename__ = "case_draft"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Encrypted, doc="the form as JSON; it holds names and numbers")
    version: Mapped[int]
    saved_at: Mapped[Moment]


class Attachment(Model):
    """A file on a case, or on one of its replies."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[Moment]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined")
