"""A new caller: who is it, are they blocked, who served them last, which flow is theirs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ARRAY, Text, bindparam, exists, func, or_, select

from accounts.models import Department
from config import clock
from config.crypto import blind_index
from config.errors import Invalid
from config.extensions import db
from config.phones import normalise_phone
from hotline.ivr.words import VersionState
from hotline.models import Call, IvrFlow, IvrNumber, IvrSwitch, IvrVersion, NumberRule
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
_DIALLED = bindparam("dialled", type_=ARRAY(Text))
_DEPARTMENT = (
    select(Department.id)
    .where(
        Department.active,
        func.string_to_array(
            func.regexp_replace(func.array_to_string(Department.former_numbers, ","), "[^0-9,]", "", "g"), ","
        ).op("&&")(_DIALLED),
    )
    .order_by(Department.id)
    .limit(1)
)
_IN_FORCE = (
    select(IvrVersion.key)
    .join(IvrFlow, IvrFlow.id == IvrVersion.flow_id)
    .where(IvrVersion.state == VersionState.PUBLISHED)
)
KNOWN = select(
    select(IvrSwitch.straight).scalar_subquery().label("straight"),
    _DEPARTMENT.scalar_subquery().label("department_id"),
    _IN_FORCE.join(IvrNumber, IvrNumber.flow_id == IvrFlow.id)
    .where(IvrNumber.number == func.any(_DIALLED))
    .limit(1)
    .scalar_subquery()
    .label("of_the_number"),
    _IN_FORCE.where(IvrFlow.code == "former").scalar_subquery().label("of_former_numbers"),
    _IN_FORCE.where(IvrFlow.code == "default").scalar_subquery().label("of_everybody"),
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
    call.dialled = message.to or ""
    asked = {
        "caller": call.caller_index or "",
        "now": now,
        "lately": now - SAME_AGENT_WITHIN,
        "dialled": spellings(call.dialled),
    }
    known = db.session.execute(KNOWN, asked).one()
    call.preferred_seat = message.prefer_seat
    call.welcome = not known.straight and message.prefer_seat is None
    call.department_id = known.department_id
    usual = known.of_everybody if known.department_id is None else known.of_former_numbers
    call.flow_version = known.of_the_number or usual or ""
    call.priority = max(call.priority, known.priority or 0)
    if known.blocked:
        call.blocked_at = message.at
    else:
        call.preferred_agent_id = known.last_agent_id


def spellings(dialled: str) -> list[str]:
    """How the number may stand in our books: as it came, and as people in the country and in the city dial it."""
    digits = "".join(c for c in dialled if c.isdigit())
    if dialled.startswith("+86"):
        return [digits, digits[2:], f"0{digits[2:]}"]
    return [digits] if digits else []


def readable(number: str | None) -> str | None:
    """E.164 where the number makes sense, as it came where it does not, None if it was withheld."""
    if not number or number == "anonymous":
        return None
    try:
        return normalise_phone(number)
    except Invalid:
        return number
