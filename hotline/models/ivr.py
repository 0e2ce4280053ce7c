"""Flows and their versions, the numbers that lead to them, the city's switches, and recorded prompts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from config.model import Model, Moment, word_column
from config.storage import StoredFile
from hotline.ivr.words import VersionState

HOUSE_NAMES = {"default": _l("Everybody who calls"), "former": _l("Former numbers of departments")}


class IvrFlow(Model):
    """What callers hear. The flow `default` is for everybody, `former` for the former numbers of departments; others
    are for the numbers that name them. Where a flow has no version in force, the house's own is walked."""

    __tablename__ = "ivr_flow"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))

    numbers: Mapped[list[IvrNumber]] = relationship(order_by="IvrNumber.number", cascade="all, delete-orphan")

    @property
    def title(self) -> str:
        """Its name; those of the house in the language of who reads."""
        return str(HOUSE_NAMES.get(self.code, self.name))


class IvrNumber(Model):
    """A number of ours that leads to a flow of its own; digits only."""

    __tablename__ = "ivr_number"
    __table_args__ = (
        Index("ix_ivr_number_flow_id", "flow_id"),
        CheckConstraint("number ~ '^[0-9]{3,20}$'", name="digits"),
    )

    number: Mapped[str] = mapped_column(String(32), unique=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("ivr_flow.id", ondelete="CASCADE"))


class IvrVersion(Model):
    """A flow as it was written down. A draft may change; what was once in force never does, and may be again.

    `key` is what calls remember: unlike the id it is never given twice.
    """

    __tablename__ = "ivr_version"
    __table_args__ = (
        UniqueConstraint("flow_id", "number"),
        Index("uq_ivr_version_draft", "flow_id", unique=True, postgresql_where=text("state = 'draft'")),
        Index(
            "uq_ivr_version_published", "flow_id", unique=True, postgresql_where=text("state = 'published'")
        ),
        CheckConstraint("(published_at IS NULL) = (state = 'draft')", name="published_once"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
        CheckConstraint("(retired_at IS NOT NULL) = (state = 'retired')", name="retired_state"),
    )

    flow_id: Mapped[int] = mapped_column(ForeignKey("ivr_flow.id"))
    key: Mapped[str] = mapped_column(String(32), unique=True)
    number: Mapped[int]
    state: Mapped[VersionState] = word_column(VersionState)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[Moment]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[Moment]
    published_at: Mapped[Moment | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[Moment | None]

    flow: Mapped[IvrFlow] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])


class IvrSwitch(Model):
    """The city's switches: one row. `broadcast` is a prompt (`hotline.ivr.document.Prompt`)."""

    __tablename__ = "ivr_switch"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    straight: Mapped[bool] = mapped_column(default=False)
    broadcast_on: Mapped[bool] = mapped_column(default=False)
    broadcast: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    changed_at: Mapped[Moment]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    changed_by: Mapped[Person | None] = relationship()


class IvrSound(Model):
    """A recorded prompt. `key` names its content: another recording is another one, and versions stay as they were."""

    __tablename__ = "ivr_sound"
    __table_args__ = (CheckConstraint("seconds > 0", name="seconds"),)

    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    seconds: Mapped[float]
    kept_at: Mapped[Moment]
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    file: Mapped[StoredFile] = relationship()
    kept_by: Mapped[Person] = relationship()
