"""What a case is registered from, and what must be right about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from config import clock
from config.errors import Invalid
from config.extensions import db
from config.phones import normalise_phone
from config.settings import settings
from config.text import plain
from dispatch.models import Category, CitizenKind, Place, Sex
from dispatch.workflow import Channel, RequestType, Urgency

EARLIEST_YEAR = 1900
"""What a citizen tells of happened in living memory; an older year is a slip of the keyboard."""


@dataclass
class CaseIntake:
    """The five elements and what goes with them (domain § 3).

    `intake_key` is made by the form, so that a button pressed twice makes one case.
    """

    title: str
    content: str
    category_code: str
    request_type: RequestType = RequestType.CONSULT
    urgency: Urgency = Urgency.NORMAL
    channel: Channel = Channel.PHONE
    asked: str = ""
    complained_of: str = ""
    occurred_at: datetime | None = None
    district_code: str | None = None
    street_code: str | None = None
    community_code: str | None = None
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    phone: str = ""
    contact_phone: str = ""
    citizen_name: str = ""
    citizen_sex: Sex = Sex.UNKNOWN
    citizen_kind: CitizenKind = CitizenKind.PERSON
    anonymous: bool = False
    confidential: bool = False
    public: bool = False
    needs_reply: bool = True
    advice: str = ""
    call_no: str | None = None
    previous_case_no: str | None = None
    intake_key: str | None = None
    intake_digest: str | None = None
    attachment_ids: tuple[int, ...] = field(default=())


LONGEST = {
    "title": 120,
    "content": 10_000,
    "asked": 2_000,
    "complained_of": 120,
    "address": 200,
    "citizen_name": 80,
    "advice": 2_000,
}
CODES = ("district_code", "street_code", "community_code", "call_no", "previous_case_no", "intake_key")
PLACES = ("district_code", "street_code", "community_code")


def check(intake: CaseIntake) -> CaseIntake:
    """The intake with trimmed texts and normal numbers, or Invalid naming every field that is wrong."""
    wrong: dict[str, Any] = {}
    for name, longest in LONGEST.items():
        text = _plain(getattr(intake, name))
        setattr(intake, name, text)
        if len(text) > longest:
            wrong[name] = _("At most %(n)s characters.", n=longest)
    for name in CODES:
        setattr(intake, name, _plain(getattr(intake, name))[:64] or None)
    for name in ("title", "content"):
        if not getattr(intake, name):
            wrong.setdefault(name, _("This is needed."))
    for name in ("phone", "contact_phone"):
        if number := _plain(getattr(intake, name)):
            try:
                setattr(intake, name, normalise_phone(number))
            except Invalid as error:
                wrong[name] = error.fields["phone"]
    wrong |= _unknown_codes(intake)
    if intake.occurred_at is not None:
        if intake.occurred_at.year < EARLIEST_YEAR:
            wrong["occurred_at"] = _("This lies too far back.")
        elif intake.occurred_at > clock.now():
            wrong["occurred_at"] = _("This lies in the future.")
    if wrong:
        raise Invalid(fields=wrong)
    return intake


def _plain(value: Any) -> str:
    return plain(str(value or ""))


def _unknown_codes(intake: CaseIntake) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if not category_exists(_plain(intake.category_code)):
        wrong["category_code"] = _("There is no such category.")
    for name in PLACES:
        code = getattr(intake, name)
        if code and not _known(Place, code):
            wrong[name] = _("There is no such place.")
    return wrong


def category_exists(code: str) -> bool:
    """Whether the category tree has this code."""
    return _known(Category, code)


_seen: dict[tuple[str, type, str], datetime] = {}
_SEEN_FOR = timedelta(minutes=1)


def _known(table: type[Category] | type[Place], code: str) -> bool:
    """Whether the code table has it. A code once seen is believed for a minute: codes come and go once a year,
    cases come every second, and the foreign key has the last word."""
    key, at = (settings().database_url, table, code), datetime.now(UTC)
    if key in _seen and at - _seen[key] < _SEEN_FOR:
        return True
    if db.session.scalar(select(table.id).where(table.code == code)) is None:
        _seen.pop(key, None)
        return False
    _seen[key] = at
    return True
