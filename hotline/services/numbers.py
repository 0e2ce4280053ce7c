"""Blocking a number, and letting one through first (domain § 2): an agent proposes, a shift lead decides, a block
expires by itself, everything is logged."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.crypto import blind_index
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.phones import normalise_phone
from config.transaction import transactional
from hotline.models import Call, NumberRule
from hotline.words import NumberRuleKind, RuleState

DAYS = (7, 30, 90)


@transactional
def propose_block(person: Person, call: Call, days: int, reason: str) -> NumberRule:
    """Ask that the caller of this call be blocked. Conflict where that is asked or so already."""
    ensure(person, "number_rule:propose")
    if call.caller_number is None or call.caller_index is None:
        raise Refused(_("The number was withheld; it cannot be blocked."))
    if days not in DAYS:
        raise Invalid(fields={"days": _("Choose 7, 30 or 90 days.")})
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    now = clock.now()
    for rule in _rules_of(call.caller_index):
        if rule.state is RuleState.PROPOSED:
            raise Conflict(_("That this number be blocked is proposed already."))
        blocks = rule.kind is NumberRuleKind.BLOCKED and rule.state is RuleState.IN_FORCE
        if blocks and (rule.until_at is None or rule.until_at > now):
            raise Conflict(_("This number is blocked already."))
    rule = NumberRule(
        number=call.caller_number,
        number_index=call.caller_index,
        kind=NumberRuleKind.BLOCKED,
        state=RuleState.PROPOSED,
        reason=reason.strip()[:200],
        days=days,
        from_at=now,
        call_id=call.id,
        made_by_id=person.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(rule)
    except IntegrityError as error:  # somebody proposed it in this very moment
        raise Conflict(_("That this number be blocked is proposed already.")) from error
    audit.record("number_rule:propose", person, subject=("call", call.id), detail={"days": days})
    return rule


@transactional
def decide(person: Person, number: int, approve: bool) -> NumberRule:
    """A proposal becomes a block from now on, or is refused. Nobody decides on what they proposed themselves."""
    ensure(person, "number_rule:decide")
    rule = _locked(number)
    if rule.state is not RuleState.PROPOSED:
        raise Conflict(_("This proposal is decided: %(state)s", state=rule.state.label))
    if rule.made_by_id == person.id:
        raise Refused(_("Somebody else must decide on what you proposed."))
    now = clock.now()
    rule.decided_by_id, rule.decided_at = person.id, now
    rule.state = RuleState.IN_FORCE if approve else RuleState.REFUSED
    if approve:
        rule.from_at, rule.until_at = now, now + timedelta(days=rule.days or DAYS[0])
    verb = "number_rule:approve" if approve else "number_rule:refuse"
    audit.record(verb, person, subject=("number_rule", rule.id))
    return rule


@transactional
def prefer(person: Person, number: str, priority: int, reason: str) -> NumberRule:
    """Let this number through first, until it is lifted: the elderly who live alone, say. `priority` 1 … 100."""
    ensure(person, "number_rule:decide")
    wanted = normalise_phone(number)
    if not 1 <= priority <= 100:
        raise Invalid(fields={"priority": _("Between 1 and 100.")})
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    now = clock.now()
    rule = NumberRule(
        number=wanted,
        number_index=blind_index(wanted),
        kind=NumberRuleKind.PRIORITY,
        state=RuleState.IN_FORCE,
        priority=priority,
        reason=reason.strip()[:200],
        from_at=now,
        made_by_id=person.id,
        decided_by_id=person.id,
        decided_at=now,
    )
    db.session.add(rule)
    db.session.flush()
    audit.record(
        "number_rule:prefer", person, subject=("number_rule", rule.id), detail={"priority": priority}
    )
    return rule


@transactional
def lift(person: Person, number: int) -> NumberRule:
    """It holds no more, from now on."""
    ensure(person, "number_rule:decide")
    rule = _locked(number)
    if rule.state is not RuleState.IN_FORCE:
        raise Conflict(_("This rule is not in force."))
    rule.state = RuleState.LIFTED
    audit.record("number_rule:lift", person, subject=("number_rule", rule.id))
    return rule


def _rules_of(index: str) -> list[NumberRule]:
    return list(db.session.scalars(select(NumberRule).where(NumberRule.number_index == index)))


def _locked(number: int) -> NumberRule:
    rule = db.session.scalars(
        select(NumberRule).where(NumberRule.id == number).with_for_update()
    ).one_or_none()
    if rule is None:
        raise NotFound(_("There is no such rule."))
    return rule
