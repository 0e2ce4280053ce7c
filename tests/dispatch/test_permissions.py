"""Every permission of cases has somebody who may and somebody who may not."""

from __future__ import annotations

import pytest

from accounts.permissions import may, table
from accounts.roles import Role
from dispatch import services
from dispatch.workflow import TRANSITIONS, CaseState
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case, make_staff

STAFF = ("agent", "dispatcher", "officer", "approver", "reviewer", "caller", "supervisor")
EVERYBODY = set(STAFF)
ALLOWED: dict[str, tuple[set[str], CaseState]] = {
    "case:list": (EVERYBODY, CaseState.PROCESSING),
    "case:view": (EVERYBODY, CaseState.PROCESSING),
    "case:register": ({"agent", "dispatcher"}, CaseState.DRAFT),
    "case:import": ({"agent", "dispatcher"}, CaseState.DRAFT),
    "case:send_link": ({"agent", "dispatcher", "caller"}, CaseState.PROCESSING),
    "case:attach": ({"agent", "dispatcher", "officer", "approver"}, CaseState.PROCESSING),
    "case:dispatch": ({"dispatcher"}, CaseState.PENDING_DISPATCH),
    "case:not_accept": ({"agent", "dispatcher"}, CaseState.DRAFT),
    "case:sign": ({"officer", "approver"}, CaseState.DISPATCHED),
    "case:hand_down": ({"officer", "approver"}, CaseState.PROCESSING),
    "case:handle": ({"officer", "approver"}, CaseState.PROCESSING),
    "case:release": ({"approver"}, CaseState.PROCESSING),
    "case:request": ({"officer", "approver"}, CaseState.PROCESSING),
    "case:rule_return": ({"dispatcher"}, CaseState.DISPATCHED),
    "case:rule_request": ({"reviewer"}, CaseState.PROCESSING),
    "case:rule_suspension": ({"supervisor"}, CaseState.PROCESSING),
    "case:review": ({"reviewer"}, CaseState.REPLIED),
    "case:callback": ({"caller"}, CaseState.CALLBACK),
    "case:decide": ({"supervisor"}, CaseState.CALLBACK),
    "case:urge": ({"agent", "dispatcher", "caller", "supervisor"}, CaseState.PROCESSING),
    "case:supervise": ({"supervisor"}, CaseState.PROCESSING),
    "case:supplement": ({"agent", "dispatcher", "caller", "supervisor"}, CaseState.PROCESSING),
    "case:archive": ({"dispatcher", "supervisor"}, CaseState.CLOSED),
    "case:unmask": ({"agent", "caller", "supervisor", "officer", "approver"}, CaseState.PROCESSING),
}  # fmt: skip
BY_PART = {"case:assist", "case:answer_notice"}
"""Depend on what else happened to the case; held below."""
DESKS = {
    "desk:dispatch": Role.DISPATCHER,
    "desk:review": Role.REVIEWER,
    "desk:callback": Role.CALLBACK_AGENT,
    "desk:supervision": Role.SUPERVISION_OFFICER,
    "desk:inbox": Role.CASE_OFFICER,
}


@pytest.fixture
def staff(clock):
    return make_staff()


def test_every_permission_of_cases_is_tried_here(app):
    ours = {name for name in table() if name.startswith(("case:", "desk:"))}
    assert ours == set(ALLOWED) | BY_PART | set(DESKS)
    assert {row.permission for row in TRANSITIONS} <= ours


@pytest.mark.parametrize("permission", sorted(ALLOWED))
def test_those_may_and_the_others_may_not(staff, permission):
    allowed, state = ALLOWED[permission]
    case = make_case(state, staff)
    assert {name for name in STAFF if may(getattr(staff, name), permission, case)} == allowed
    assert not may(make_person([Role.KB_EDITOR], staff.city), permission, case)


@pytest.mark.parametrize("permission", sorted(DESKS))
def test_a_desk_is_open_to_its_own_people(app, permission):
    assert may(make_person([DESKS[permission]]), permission)
    assert not may(make_person([Role.AGENT]), permission)


def test_a_department_sees_only_cases_it_has_a_part_in(staff):
    stranger = make_person([Role.CASE_OFFICER], make_department("别的局", staff.city))
    case = make_case(CaseState.PROCESSING, staff)
    assert not may(stranger, "case:view", case)
    assert not may(stranger, "case:unmask", case)


def test_who_stands_above_a_department_acts_for_it_and_who_stands_below_does_not(staff):
    below = make_person([Role.CASE_OFFICER], staff.section)
    above = make_person([Role.CASE_OFFICER], staff.city)
    case = make_case(CaseState.DISPATCHED, staff)
    assert may(above, "case:sign", case)
    assert not may(below, "case:sign", case)


def test_whom_a_case_was_handed_down_to_handles_and_reports_but_does_not_release(staff):
    below = make_person([Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER], staff.section)
    case = make_case(CaseState.PROCESSING, staff)
    assert not may(below, "case:handle", case)
    services.hand_down_case(staff.officer, case, staff.section.code)
    assert may(below, "case:handle", case)
    assert may(below, "case:assist", case)
    assert not may(below, "case:release", case)
    services.report_back(below, case, "已换灯泡")
    assert not may(below, "case:handle", case)


def test_an_assisting_department_answers_to_the_lead_and_nothing_else(staff):
    police = make_department("公安局", staff.city)
    helper = make_person([Role.CASE_OFFICER], police)
    case = make_case(staff=staff)
    services.dispatch_case(staff.dispatcher, case, staff.bureau.code, [police.code])
    services.sign_case(staff.officer, case)
    assert may(helper, "case:view", case)
    assert may(helper, "case:assist", case)
    assert not may(helper, "case:handle", case)
    assert not may(staff.officer, "case:assist", case)


def test_the_addressee_answers_a_notice(staff):
    stranger = make_person([Role.CASE_OFFICER], make_department("别的局", staff.city))
    case = make_case(CaseState.PROCESSING, staff)
    assert not may(staff.officer, "case:answer_notice", case)
    services.supervise_case(staff.supervisor, case, "三日内办结")
    assert may(staff.officer, "case:answer_notice", case)
    assert not may(stranger, "case:answer_notice", case)
