"""Who called. One row per telephone number; what is personal is sealed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Encrypted, Model, Moment, word_column
from config.words import Hue, Word


class Sex(Word):
    UNKNOWN = "unknown", _l("Not stated"), Hue.QUIET
    FEMALE = "female", _l("Female"), Hue.QUIET
    MALE = "male", _l("Male"), Hue.QUIET


class CitizenKind(Word):
    PERSON = "person", _lp("citizen kind", "Person"), Hue.QUIET
    ENTERPRISE = "enterprise", _l("Enterprise"), Hue.QUIET


class Citizen(Model):
    """`phone_index` finds the row without opening any."""

    __tablename__ = "citizen"

    phone: Mapped[str] = mapped_column(Encrypted)
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str | None] = mapped_column(Encrypted)
    sex: Mapped[Sex] = word_column(Sex, default=Sex.UNKNOWN)
    kind: Mapped[CitizenKind] = word_column(CitizenKind, default=CitizenKind.PERSON)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]
