"""A new caller: who is it, are they blocked, who served them last, do they get the welcome."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from config import clock
from config.crypto import blind_index
from config.errors import Invalid
from config.extensions import db
from config.phones import normalise_phone
from hotline.models import Call, NumberRule
from hotline.services.queues import default_queue
from hotline.telephony.contract import EventMessage
from hotline.words import NumberRuleKind

SAME_AGENT_WITHIN = timedelta(hours=24)


def introduce(call: Call, message: EventMessage) -> None:
    """Write down what is known of the caller beside the call itself."""
    call.dialled = message.to or ""
    call.preferred_seat = message.prefer_seat
    call.welcome = default_queue().welcome and message.prefer_seat is None
    number = readable(message.from_)
    if number is None:
        return
    call.caller_number, call.caller_index = number, blind_index(number)
    for rule in _rules(call.caller_index):
        if rule.kind is NumberRuleKind.BLOCKED:
            call.blocked_at = message.at
        else:
            call.priority = max(call.priority, rule.priority)
    if call.blocked_at is None:
        call.preferred_agent_id = _last_agent(call.caller_index)


def readable(number: str | None) -> str | None:
    """E.164 where the number makes sense, as it came where it does not, None if it was withheld."""
    if not number or number == "anonymous":
        return None
    try:
        return normalise_phone(number)
    except Invalid:
        return number


def _rules(index: str) -> list[NumberRule]:
    now = clock.now()
    return list(
        db.session.scalars(
            select(NumberRule).where(
                NumberRule.number_index == index,
                NumberRule.from_at <= now,
                or_(NumberRule.until_at.is_(None), NumberRule.until_at > now),
            )
        )
    )


def _last_agent(index: str) -> int | None:
    """Who talked with this caller last, if that was within 24 hours."""
    return db.session.scalar(
        select(Call.agent_id)
        .where(
            Call.caller_index == index,
            Call.arrived_at > clock.now() - SAME_AGENT_WITHIN,
            Call.answered_at.is_not(None),
        )
        .order_by(Call.arrived_at.desc())
        .limit(1)
    )
