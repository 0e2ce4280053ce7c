"""The page of today names what waits for its reader, and what comes first."""

from __future__ import annotations

import re

import pytest

from accounts.roles import Role
from console.today import at_hand, tasks_of
from dispatch.workflow import CaseState
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(app, clock):
    return make_staff()


def test_each_view_of_a_desk_says_how_much_waits_and_leads_there(app, staff):
    make_case(CaseState.PENDING_DISPATCH, staff)
    with app.test_request_context():
        (desk,) = tasks_of(staff.dispatcher, [])
        assert (desk.tasks[0].count, desk.tasks[0].href) == (1, "/desks/dispatch?view=all")


def test_the_cases_that_come_first_stand_on_the_page_and_lead_into_the_list(sign_in, staff):
    case = make_case(CaseState.REPLIED, staff)
    page = sign_in(staff.reviewer).get("/today").text
    assert re.search(rf'href="/cases/{case.case_no}\?desk=review', page)


def test_a_case_the_dispatcher_sent_back_is_shown_to_the_agent_who_registered_it(sign_in, staff):
    case = make_case(CaseState.DRAFT, staff)
    assert case.case_no in sign_in(staff.agent).get("/today").text
    assert case.case_no not in sign_in(make_person([Role.AGENT])).get("/today").text


def test_who_has_nothing_to_do_is_shown_no_empty_list(app, staff):
    with app.test_request_context():
        assert at_hand(staff.dispatcher) == []


def test_a_system_administrator_sees_whether_the_parts_are_there(sign_in):
    page = sign_in(make_person([Role.SYSTEM_ADMIN])).get("/today").text
    assert "Redis" in page
    assert "Redis" not in sign_in(make_person([Role.AGENT])).get("/today").text
