"""The audit trail: rows that are only ever added, and sealed into a chain."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import DDL, BigInteger, ForeignKey, Index, LargeBinary, String, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.person import Person
from config.model import Model, Moment
from config.words import Hue, Word


class AuditEntry(Model):
    """Who did what to which thing. `seal_no` and `seal` are added once, when the row joins the chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_unsealed", "id", postgresql_where=text("seal_no IS NULL")),
        Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entry_person", "person_id", "id"),
        Index("ix_audit_entry_verb", "verb", "id"),
    )

    at: Mapped[Moment]
    verb: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str] = mapped_column(String(80), default="")
    subject_type: Mapped[str] = mapped_column(String(32), default="")
    subject_id: Mapped[str] = mapped_column(String(64), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    request_id: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    seal_no: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)


class ChainFault(Word):
    """What is wrong with the chain at the row that is named, or at its end."""

    MISSING = "missing", _l("a row before it is missing"), Hue.LATE
    ALTERED = "altered", _l("it was altered, or does not follow the one before it"), Hue.LATE
    BESIDE = "beside", _l("it was put in beside the chain"), Hue.LATE
    REPLACED = "replaced", _l("another row stood in its place once"), Hue.LATE
    SHORT = "short", _l("the chain was longer once"), Hue.LATE


class AuditCheck(Model):
    """One walk over the chain, and what it found. `broken_id` is the first row that does not fit.

    `seal` is that of the last row of a chain found whole: whoever cuts the end off and lets others grow in its place
    cannot make it again.
    """

    __tablename__ = "audit_check"

    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    checked: Mapped[int] = mapped_column(BigInteger, default=0)
    unsealed: Mapped[int] = mapped_column(BigInteger, default=0)
    broken_id: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(200), default="")
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)

    asked_by: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def whole(self) -> bool:
        return self.finished_at is not None and not self.why

    @property
    def why_words(self) -> str:
        """The fault in the reader's language; checks of old have a sentence."""
        return ChainFault(self.why).label if self.why in set(ChainFault) else self.why


APPEND_ONLY_DDL = """
CREATE OR REPLACE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal IS NULL AND NEW.seal IS NOT NULL
       AND (to_jsonb(OLD) - 'seal' - 'seal_no') = (to_jsonb(NEW) - 'seal' - 'seal_no') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();
"""

event.listen(AuditEntry.__table__, "after_create", DDL(APPEND_ONLY_DDL.replace("%", "%%")))
