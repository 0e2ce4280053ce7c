"""A link to a public page, sent to the citizen's telephone: with consent, to a mobile number nobody has to see."""

from __future__ import annotations

from datetime import timedelta

import phonenumbers
from flask_babel import force_locale
from flask_babel import gettext as _
from phonenumbers import PhoneNumberType
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock, sms
from config.errors import Invalid, Refused
from config.extensions import db
from config.phones import mask_phone
from config.settings import settings
from config.transaction import transactional
from dispatch.models import Case
from hotline.models import Call
from knowledge_base.models import KnowledgeItem, KnowledgeUse
from knowledge_base.queries.public import public_version
from knowledge_base.services import record_use
from knowledge_base.words import UseKind

PURPOSE = "knowledge_link"
AGAIN = timedelta(minutes=1)
"""Pressed twice within so long, it is one message."""
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@transactional
def send_link(
    person: Person,
    item: KnowledgeItem,
    *,
    call: Call | None = None,
    case: Case | None = None,
    consent: bool = False,
    search_id: int | None = None,
    rank: int | None = None,
    intake_key: str = "",
) -> KnowledgeUse:
    """Send the address of the item's public page to the citizen of `case`, else of `call`.

    Invalid without consent; Refused where the item is not public today or the number takes no text messages.
    """
    number = number_of(person, call, case)
    ensure(person, "case:send_link")
    if not consent:
        raise Invalid(fields={"consent": _("Ask the citizen first, and tick it.")})
    version = public_version(item.item_no)
    if version is None:
        raise Refused(_("%(no)s is not on the public pages today.", no=item.item_no))
    masked = mask_phone(number)
    db.session.execute(select(KnowledgeItem.id).where(KnowledgeItem.id == item.id).with_for_update())
    if (sent := _sent_just_now(person, item, masked)) is not None:
        return sent
    with force_locale(settings().default_language):
        text = _("%(city)s: %(title)s %(address)s", city=_city(), title=version.title, address=link_to(item))
    message = sms.send(number, text[:500], PURPOSE)
    typed = f"intake:{intake_key}" if intake_key else ""
    subject = f"case:{case.case_no}" if case is not None else typed
    use = record_use(
        person, item, UseKind.SENT, search_id=search_id, rank=rank, subject=subject, sent_to=masked
    )
    audit.record(
        "case:send_link",
        person,
        ("case", case.id) if case is not None else ("call", call.call_no if call else ""),
        {"item_no": item.item_no, "number": masked, "message": message.id},
    )
    return use


def number_of(person: Person, call: Call | None, case: Case | None) -> str:
    """The mobile number a link would go to. Refused where there is none; NotPermitted."""
    number: str | None = None
    if case is not None:
        ensure(person, "case:view", case)
        number = case.contact_phone
    elif call is not None:
        ensure(person, "call:see", call)
        number = call.caller_number
    if not number or not _takes_text(number):
        raise Refused(_("There is no mobile number here to send it to."))
    return number


def link_to(item: KnowledgeItem) -> str:
    """The address of the item's public page, as citizens reach it."""
    return f"{settings().public_base_url.rstrip('/')}/public/knowledge/{item.item_no}"


def _takes_text(number: str) -> bool:
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in MOBILE
    except phonenumbers.NumberParseException:
        return False


def _city() -> str:
    return settings().city_name or _("Citizens' hotline")


def _sent_just_now(person: Person, item: KnowledgeItem, masked: str) -> KnowledgeUse | None:
    before = select(KnowledgeUse).where(
        KnowledgeUse.item_id == item.id,
        KnowledgeUse.person_id == person.id,
        KnowledgeUse.kind == UseKind.SENT,
        KnowledgeUse.sent_to == masked,
        KnowledgeUse.at > clock.now() - AGAIN,
    )
    return db.session.scalar(before.limit(1))
