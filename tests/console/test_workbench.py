"""The workbench: what is known of the caller, and that looking leaves a trace."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import NotFound
from config.extensions import db
from console import workbench
from dispatch.models import Case
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import make_agent, make_call

NUMBER = "+8613912340042"


@pytest.fixture
def call(app: Flask):
    """A call that its agent has answered."""
    return make_call(number=NUMBER)


def traces(verb: str) -> int:
    return db.session.query(AuditEntry).filter_by(verb=verb).count()


def test_the_caller_is_shown_masked(sign_in, call):
    page = sign_in(call.agent).get(f"/workbench?call={call.call_no}").text
    assert "139****0042" in page
    assert "13912340042" not in page.replace(" ", "")


def test_the_whole_number_is_shown_when_asked_for_and_the_look_is_recorded(sign_in, call):
    before = traces("caller:unmask_call")
    assert "139 1234 0042" in sign_in(call.agent).post(f"/workbench/calls/{call.call_no}/number").text
    assert traces("caller:unmask_call") == before + 1


def test_another_agents_call_is_as_if_it_were_not_there(sign_in, call):
    other = sign_in(make_agent())
    assert other.get(f"/workbench?call={call.call_no}").status_code == 404
    assert other.post(f"/workbench/calls/{call.call_no}/number").status_code == 404
    assert other.get(f"/workbench/calls/{call.call_no}/cases").status_code == 404
    assert traces("caller:unmask_call") == 0


def test_a_shift_lead_sees_the_calls_of_the_floor(sign_in, call):
    assert sign_in(make_person([Role.SHIFT_LEAD])).get(f"/workbench?call={call.call_no}").status_code == 200


def test_who_is_no_agent_has_no_workbench(sign_in):
    assert sign_in(make_person([Role.AUDITOR])).get("/workbench").status_code == 403


def test_open_cases_stand_apart_from_earlier_ones_and_make_a_repeat_caller(app: Flask, call):
    staff = make_staff()
    still_open = make_case(staff=staff, contact_phone=NUMBER)
    caller = workbench.caller_of(call)
    assert [case.id for case in caller.open_cases] == [still_open.id]
    assert still_open.id not in [case.id for case in caller.history]
    assert caller.is_repeat


def test_the_case_just_made_is_among_the_callers(sign_in, call):
    agent = sign_in(call.agent)
    made = make_case(staff=make_staff(), contact_phone=NUMBER)
    assert made.case_no in agent.get(f"/workbench/calls/{call.call_no}/cases").text


def test_a_first_call_is_not_a_repeat(app: Flask, call):
    assert not workbench.caller_of(call).is_repeat


def test_a_caller_who_asks_again_urges_the_case_and_makes_no_new_one(sign_in, call):
    case = make_case(contact_phone=NUMBER)
    before = db.session.query(Case).count()
    answer = sign_in(call.agent).post(
        f"/workbench/cases/{case.case_no}/urge", data={"note": "路灯还是不亮", "call_no": call.call_no}
    )
    assert "已催办" in answer.text
    db.session.refresh(case)
    assert case.urged_count == 1
    assert db.session.query(Case).count() == before


def test_the_workbench_works_without_a_call(sign_in):
    assert sign_in(make_agent()).get("/workbench").status_code == 200


def test_a_number_typed_in_is_looked_up_and_the_look_is_recorded(sign_in, call):
    case = make_case(contact_phone=NUMBER)
    page = sign_in(make_agent()).post("/workbench/caller", data={"phone": "139 1234 0042"}).text
    assert "139****0042" in page
    assert case.title in page
    assert traces("caller:look_up") == 1


@pytest.mark.parametrize("typed", ["12", "abc", "1" * 300, "+"])
def test_what_is_no_number_is_refused_with_a_sentence(sign_in, typed):
    answer = sign_in(make_agent()).post(
        "/workbench/caller", data={"phone": typed}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "电话号码" in answer.text


def test_the_moments_of_a_call_come_in_their_order(app: Flask, call):
    moments = workbench.moments_of(call)
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    assert str(moments[0].label) == "来电"


def test_a_call_that_never_was_is_not_found(app: Flask):
    with pytest.raises(NotFound):
        workbench.call_at_hand(make_agent(), "C0")
