"""A lead of a branch oversees its people's calls, and those nobody took in queues they serve; others see all."""

from __future__ import annotations

import io
from dataclasses import dataclass

import openpyxl
import pytest
from werkzeug.datastructures import MultiDict

from accounts.models import Department, Person
from accounts.permissions import may
from accounts.roles import Role
from config.extensions import db
from hotline.models import Call
from hotline.queries import branch_of
from hotline.services import exporting
from hotline.services.queues import default_queue, grant_skills
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, make_agent, make_call, make_queue

OF_A_CALL = ("call:see", "recording:play")


@dataclass
class TwoBranches:
    """`mine` sits below `here`, `other` elsewhere; each had a call."""

    here: Department
    mine: Person
    other: Person
    my_call: Call
    their_call: Call

    @property
    def lead(self) -> Person:
        return make_person([Role.SHIFT_LEAD], self.here)


@pytest.fixture
def two(app, clock) -> TwoBranches:
    here, there = make_department(), make_department()
    mine, other = make_agent(name="甲某"), make_agent(name="乙某")
    mine.department, other.department = make_department(parent=here), there
    db.session.commit()
    my_call, their_call = make_call(mine, "+8613900000001"), make_call(other, "+8613900000002")
    return TwoBranches(here, mine, other, my_call, their_call)


def given_up(key: str = "1", number: str = "+8613900000003") -> Call:
    call = SwitchCall(number)
    call.arrive()
    call.press(key)
    call.caller_hangs_up()
    return call.row


def test_the_log_of_a_branch_has_its_peoples_calls_alone(two, sign_in):
    browser = sign_in(two.lead)
    page = browser.get("/calls").text
    assert two.my_call.call_no in page
    assert two.their_call.call_no not in page
    assert "甲某" in page
    assert "乙某" not in page, "nor is anybody else named in the filter"
    assert browser.get(f"/calls/{two.my_call.call_no}").status_code == 200
    assert browser.get(f"/calls/{two.their_call.call_no}").status_code == 403
    assert two.their_call.call_no not in browser.get(f"/calls?agent={two.other.id}").text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.QC_INSPECTOR, Role.SUPERVISION_OFFICER])
def test_who_oversees_the_whole_hotline_sees_all_wherever_they_belong(two, sign_in, role):
    person = make_person([role], two.here)
    assert two.their_call.call_no in sign_in(person).get("/calls").text
    assert all(may(person, permission, two.their_call) for permission in OF_A_CALL)


def test_a_lead_of_the_whole_city_sees_all(two, sign_in):
    lead = make_person([Role.SHIFT_LEAD])
    assert branch_of(lead) is None
    assert two.their_call.call_no in sign_in(lead).get("/calls").text


@pytest.mark.parametrize("permission", [*OF_A_CALL, "caller:unmask_call"])
def test_what_may_be_done_with_a_call_follows(two, permission):
    lead = two.lead
    assert may(lead, permission, two.my_call)
    assert not may(lead, permission, two.their_call)


def test_a_lead_still_sees_the_calls_they_took_themselves(two, sign_in):
    lead = make_agent(roles=(Role.SHIFT_LEAD, Role.AGENT))
    for grant in lead.grants:
        grant.department = two.here
    db.session.commit()
    own = make_call(lead, "+8613900000009")
    assert own.call_no in sign_in(lead).get("/calls").text
    assert may(lead, "call:see", own)


def test_who_gave_up_in_a_queue_is_seen_by_those_whose_people_serve_it(two, sign_in):
    served, foreign = default_queue(), make_queue("enterprise", "企业服务", key="2")
    grant_skills(None, two.other, {foreign.skill_id: 5})
    in_ours, in_theirs = given_up("1"), given_up("2", "+8613900000004")
    assert (in_ours.queue_id, in_theirs.queue_id) == (served.id, foreign.id)
    page = sign_in(two.lead).get("/calls").text
    assert in_ours.call_no in page
    assert in_theirs.call_no not in page


def test_a_queue_that_wants_its_agents_from_elsewhere_is_not_served(two, sign_in):
    queue = default_queue()
    queue.department_ids, queue.only_there = [two.other.department_id], True
    db.session.commit()
    call = given_up()
    assert call.call_no not in sign_in(two.lead).get("/calls").text
    queue.department_ids = [two.mine.department_id]
    db.session.commit()
    assert call.call_no in sign_in(two.lead).get("/calls").text


def test_what_is_exported_is_what_is_seen(two):
    table = exporting.export_calls(two.lead, MultiDict(), "zh")
    assert table is not None
    numbers = [row[0] for row in openpyxl.load_workbook(io.BytesIO(table)).active.values]
    assert two.my_call.call_no in numbers
    assert two.their_call.call_no not in numbers
