"""A new caller: who is it, are they blocked, who served them last, do they get the welcome."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, exists, func, or_, select

from config import clock
from config.crypto import blind_index
from config.errors import Invalid
from config.extensions import db
from config.phones import normalise_phone
from hotline.models import Call, CallQueue, NumberRule
from hotline.services.queues import default_queue
from hotline.telephony.contract import EventMessage
from hotline.words import NumberRuleKind, RuleState

SAME_AGENT_WITHIN = timedelta(hours=24)

_RULES = (
    NumberRule.number_index == bindparam("caller"),
    NumberRule.state == RuleState.IN_FORCE,
    NumberRule.from_at <= bindparam("now"),
    or_(NumberRule.until_at.is_(None), NumberRule.until_at > bindparam("now")),
)
_LAST_AGENT = (
    select(Call.agent_id)
    .where(
        Call.caller_index == bindparam("caller"),
        Call.arrived_at > bindparam("lately"),
        Call.answered_at.is_not(None),
    )
    .order_by(Call.arrived_at.desc())
    .limit(1)
)
KNOWN = select(
    select(CallQueue.welcome)
    .where(CallQueue.is_default, CallQueue.active)
    .scalar_subquery()
    .label("welcome"),
    exists().where(*_RULES, NumberRule.kind == NumberRuleKind.BLOCKED).label("blocked"),
    select(func.max(NumberRule.priority))
    .where(*_RULES, NumberRule.kind == NumberRuleKind.PRIORITY)
    .scalar_subquery()
    .label("priority"),
    _LAST_AGENT.scalar_subquery().label("last_agent_id"),
)
"""All that is looked up for a new call, in one question: it stands between a citizen and the first ring."""


def introduce(call: Call, message: EventMessage) -> None:
    """Write down what is known of the caller beside the call itself."""
    number = readable(message.from_)
    if number is not None:
        call.caller_number, call.caller_index = number, blind_index(number)
    now = clock.now()
    asked = {"caller": call.caller_index or "", "now": now, "lately": now - SAME_AGENT_WITHIN}
    known = db.session.execute(KNOWN, asked).one()
    welcome = default_queue().welcome if known.welcome is None else known.welcome
    call.dialled = message.to or ""
    call.preferred_seat = message.prefer_seat
    call.welcome = welcome and message.prefer_seat is None
    call.priority = max(call.priority, known.priority or 0)
    if known.blocked:
        call.blocked_at = message.at
    else:
        call.preferred_agent_id = known.last_agent_id


def readable(number: str | None) -> str | None:
    """E.164 where the number makes sense, as it came where it does not, None if it was withheld."""
    if not number or number == "anonymous":
        return None
    try:
        return normalise_phone(number)
    except Invalid:
        return number
