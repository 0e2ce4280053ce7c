"""Each permission of this floor has somebody it lets in and somebody it does not."""

from __future__ import annotations

import pytest

from accounts.permissions import may, table
from accounts.roles import Role
from hotline import permissions
from tests.factories.accounts import make_person
from tests.factories.hotline import make_agent, make_call

CASES = [
    ("recording:hold", Role.QC_INSPECTOR, Role.AGENT),
    ("number_rule:propose", Role.AGENT, Role.CASE_OFFICER),
    ("number_rule:list", Role.AUDITOR, Role.AGENT),
    ("number_rule:decide", Role.SHIFT_LEAD, Role.AGENT),
    ("text:list", Role.AUDITOR, Role.AGENT),
    ("voicemail:handle", Role.AGENT, Role.CASE_OFFICER),
    ("missed:call", Role.CALLBACK_AGENT, Role.CASE_OFFICER),
    ("missed:close", Role.CALLBACK_AGENT, Role.CASE_OFFICER),
    ("call:take", Role.AGENT, Role.CASE_OFFICER),
    ("call:list", Role.AGENT, Role.CASE_OFFICER),
    ("call:export", Role.SHIFT_LEAD, Role.AGENT),
    ("call:list_all", Role.SHIFT_LEAD, Role.AGENT),
    ("floor:watch", Role.MANAGER, Role.AGENT),
    ("floor:lead", Role.SHIFT_LEAD, Role.MANAGER),
    ("ivr:see", Role.MANAGER, Role.AGENT),
    ("ivr:change", Role.SHIFT_LEAD, Role.MANAGER),
    ("ivr:switch", Role.MANAGER, Role.AGENT),
    ("break_allowance:save", Role.SHIFT_LEAD, Role.AGENT),
    ("queue:list", Role.SHIFT_LEAD, Role.AGENT),
    ("queue:save", Role.SYSTEM_ADMIN, Role.SHIFT_LEAD),
]


@pytest.mark.parametrize(("permission", "allowed", "denied"), CASES)
def test_a_permission_lets_in_whom_it_should_and_nobody_else(app, permission, allowed, denied):
    assert may(make_person([allowed]), permission)
    assert not may(make_person([denied]), permission)


OF_A_CALL = {"call:see", "caller:unmask_call", "recording:play"}


@pytest.mark.parametrize("permission", sorted(OF_A_CALL))
def test_a_call_is_its_agents_and_the_shift_leads(app, clock, permission):
    agent = make_agent()
    call = make_call(agent)
    assert may(agent, permission, call)
    assert may(make_person([Role.SHIFT_LEAD]), permission, call)
    assert not may(make_agent(), permission, call)


def test_every_permission_of_this_floor_is_in_these_cases(app, monkeypatch):
    added = []
    monkeypatch.setattr(permissions, "allow", lambda name, *predicates: added.append(name))
    permissions.register()
    assert set(added) <= set(table())
    assert set(added) == {name for name, _allowed, _denied in CASES} | OF_A_CALL
