"""A number is blocked by two people, for a time, and let through first by one."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, Invalid, NotPermitted, Refused
from config.extensions import db
from hotline.models import NumberRule
from hotline.services import numbers
from hotline.words import RuleState
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_call

NUMBER = "+8613912340042"


@pytest.fixture
def agent(app, clock):
    return make_agent(name="张敏")


@pytest.fixture
def call(agent):
    return make_call(agent, NUMBER)


@pytest.fixture
def lead(app):
    return make_person([Role.SHIFT_LEAD])


def is_blocked() -> bool:
    again = SwitchCall(NUMBER)
    again.arrive()
    return again.row.blocked_at is not None


def test_a_proposal_blocks_nobody_until_it_is_approved_and_ends_by_itself(call, agent, lead, clock):
    rule = numbers.propose_block(agent, call, 7, "辱骂话务员")
    assert not is_blocked()
    numbers.decide(lead, rule.id, True)
    assert is_blocked()
    clock.advance(days=7, seconds=1)
    assert not is_blocked()


def test_a_refused_proposal_may_come_again(call, agent, lead):
    rule = numbers.propose_block(agent, call, 30, "骚扰")
    numbers.decide(lead, rule.id, False)
    assert not is_blocked()
    numbers.propose_block(agent, call, 30, "又来")


def test_a_block_is_lifted(call, agent, lead):
    rule = numbers.propose_block(agent, call, 90, "骚扰")
    numbers.decide(lead, rule.id, True)
    numbers.lift(lead, rule.id)
    assert not is_blocked()
    with pytest.raises(Conflict):
        numbers.lift(lead, rule.id)


def test_the_same_is_not_proposed_twice_nor_decided_twice(call, agent, lead):
    rule = numbers.propose_block(agent, call, 7, "骚扰")
    with pytest.raises(Conflict):
        numbers.propose_block(agent, call, 7, "骚扰")
    numbers.decide(lead, rule.id, True)
    with pytest.raises(Conflict):
        numbers.decide(lead, rule.id, False)
    with pytest.raises(Conflict, match="已被拦截"):
        numbers.propose_block(agent, call, 7, "骚扰")


def test_nobody_decides_on_what_they_proposed(call, lead):
    rule = numbers.propose_block(lead, call, 7, "骚扰")
    with pytest.raises(Refused):
        numbers.decide(lead, rule.id, True)


def test_an_agent_does_not_decide(call, agent):
    rule = numbers.propose_block(agent, call, 7, "骚扰")
    with pytest.raises(NotPermitted):
        numbers.decide(agent, rule.id, True)


@pytest.mark.parametrize(("days", "reason"), [(8, "骚扰"), (0, "骚扰"), (7, "   ")])
def test_days_and_reason_are_asked_for(call, agent, days, reason):
    with pytest.raises(Invalid):
        numbers.propose_block(agent, call, days, reason)


def test_a_withheld_number_cannot_be_blocked(agent):
    with pytest.raises(Refused):
        numbers.propose_block(agent, make_call(agent, "anonymous"), 7, "骚扰")


def test_a_number_is_let_through_first(lead, clock):
    numbers.prefer(lead, "139 1234 0042", 20, "独居老人")
    again = SwitchCall(NUMBER)
    again.arrive()
    assert again.row.priority == 20
    with pytest.raises(Invalid):
        numbers.prefer(lead, "not a number", 20, "x")


def test_everything_is_in_the_audit_trail(call, agent, lead):
    rule = numbers.propose_block(agent, call, 7, "骚扰")
    numbers.decide(lead, rule.id, True)
    numbers.lift(lead, rule.id)
    verbs = [
        row.verb for row in db.session.query(AuditEntry).filter(AuditEntry.verb.startswith("number_rule:"))
    ]
    assert verbs == ["number_rule:propose", "number_rule:approve", "number_rule:lift"]


def test_the_pages_propose_approve_and_hide_the_number(call, agent, lead, sign_in):
    browser = sign_in(agent)
    assert "number" not in browser.get(f"/calls/{call.call_no}").headers
    assert browser.post(f"/calls/{call.call_no}/block", data={"days": "7", "reason": ""}).status_code == 422
    assert (
        browser.post(f"/calls/{call.call_no}/block", data={"days": "7", "reason": "骚扰"}).status_code == 302
    )
    rule = db.session.query(NumberRule).one()
    desk = sign_in(lead)
    page = desk.get("/administration/numbers").text
    assert "139****0042" in page
    assert NUMBER not in page
    assert desk.post(f"/administration/numbers/{rule.id}/approve").status_code == 302
    db.session.expire_all()
    assert rule.state is RuleState.IN_FORCE
    assert "骚扰" in desk.get("/administration/numbers?view=in_force").text
    assert desk.get("/administration/numbers?view=rubbish&cursor=rubbish").status_code == 200
    assert browser.get("/administration/numbers").status_code == 403
    wrong = desk.post("/administration/numbers", data={"number": "x", "priority": "10", "reason": "老人"})
    assert wrong.status_code == 422


def test_somebody_elses_call_is_no_ground_for_a_proposal(call, sign_in):
    other = sign_in(make_person([Role.AGENT]))
    assert other.post(f"/calls/{call.call_no}/block", data={"days": "7", "reason": "骚扰"}).status_code == 403
