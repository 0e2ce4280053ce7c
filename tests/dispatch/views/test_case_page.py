"""The page of a case shows everything to those who may know it, and every button the table gives them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.roles import Role
from config.extensions import db
from dispatch import services
from dispatch.models import CaseEvent
from dispatch.workflow import Action, CaseState
from hotline.models import Call
from hotline.services import sign_on
from tests.dispatch.views.conftest import HTMX, text_of
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case
from tests.factories.hotline import make_call, make_seat


def test_the_page_tells_the_whole_story(at, staff):
    case = make_case(CaseState.CLOSED, staff)
    page = text_of(at("dispatcher").get(f"/cases/{case.case_no}"))
    for said in (case.title, case.content, case.query_code, "已派人修复。", staff.bureau.name):
        assert said in page


@pytest.mark.parametrize(
    ("state", "part", "action"),
    [
        (CaseState.PENDING_DISPATCH, "dispatcher", Action.DISPATCH),
        (CaseState.DISPATCHED, "officer", Action.SIGN),
        (CaseState.PROCESSING, "officer", Action.WRITE_REPLY),
        (CaseState.REPLIED, "reviewer", Action.PASS_REPLY),
        (CaseState.CALLBACK, "caller", Action.CLOSE_SATISFIED),
        (CaseState.SUSPENDED, "supervisor", Action.RESUME),
    ],
)
def test_the_buttons_are_those_of_the_table(at, staff, state, part, action):
    case = make_case(state, staff)
    page = at(part).get(f"/cases/{case.case_no}").get_data(as_text=True)
    assert f'data-action="{action.value}"' in page


def test_an_action_of_another_desk_is_not_offered(at, staff):
    case = make_case(CaseState.REPLIED, staff)
    assert "pass_reply" not in at("dispatcher").get(f"/cases/{case.case_no}").get_data(as_text=True)


def test_what_a_rule_forbids_is_greyed_with_the_reason(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    page = at("approver").get(f"/cases/{case.case_no}").get_data(as_text=True)
    refused = next(o for o in page.split("<button") if "aria-disabled" in o and "尚未" in o)
    assert "data-action" not in refused


def test_a_case_of_another_department_does_not_exist_for_an_officer(sign_in, staff):
    other = make_person([Role.CASE_OFFICER], make_department("别的局", staff.city))
    case = make_case(CaseState.PROCESSING, staff)
    assert sign_in(other).get(f"/cases/{case.case_no}").status_code == 404


@pytest.mark.parametrize("number", ["20261123-9999999", "x", "%00", "..%2f", "新"])
def test_a_number_that_nobody_has_is_not_found(at, staff, number):
    assert at("dispatcher").get(f"/cases/{number}").status_code == 404


def test_the_caller_is_masked_and_each_look_is_written_down(at, staff):
    case = make_case(staff=staff, phone="13912340042")
    client = at("agent")
    assert "13912340042" not in client.get(f"/cases/{case.case_no}").get_data(as_text=True)
    shown = text_of(client.post(f"/cases/{case.case_no}/unmask", headers=HTMX)).replace(" ", "")
    assert "13912340042" in shown
    looks = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "unmask")
    assert len(db.session.scalars(looks).all()) == 1


def test_a_dispatcher_may_not_unmask(at, staff):
    case = make_case(staff=staff)
    assert at("dispatcher").post(f"/cases/{case.case_no}/unmask").status_code == 403


def test_a_confidential_caller_stays_hidden_from_the_department(at, staff):
    case = make_case(CaseState.PROCESSING, staff, confidential=True, phone="13912340042")
    page = text_of(at("officer").get(f"/cases/{case.case_no}"))
    assert "139****0042" not in page
    assert "张" not in page.split("姓名")[1][:20]


def test_the_number_of_statements_does_not_grow_with_the_story(at, staff, count_queries):
    case = make_case(CaseState.PROCESSING, staff)
    client = at("officer")
    address = f"/cases/{case.case_no}"
    client.get(address)
    db.session.expire_all()
    with count_queries() as short:
        client.get(address)
    for n in range(15):
        services.log_progress(staff.officer, case, f"第 {n} 次现场查看")
    db.session.expire_all()
    with count_queries() as long:
        client.get(address)
    assert len(long) == len(short), set(long) - set(short)
    assert len(long) <= 36


def test_a_case_opened_from_a_desk_leads_back_to_it(at, staff):
    case = make_case(staff=staff)
    page = at("dispatcher").get(f"/cases/{case.case_no}?desk=dispatch&view=urgent").get_data(as_text=True)
    assert "/desks/dispatch?view=urgent" in page


def test_a_desk_that_is_not_ones_own_is_no_way_back(at, staff):
    case = make_case(staff=staff)
    assert "/desks/review" not in at("dispatcher").get(f"/cases/{case.case_no}?desk=review").get_data(
        as_text=True
    )


def test_a_callback_agent_dials_without_seeing_the_number(at, staff):
    case = make_case(CaseState.CALLBACK, staff, phone="13912340042")
    sign_on(staff.caller, make_seat().number)
    client = at("caller")
    assert f"/cases/{case.case_no}/dial" in client.get(f"/cases/{case.case_no}").get_data(as_text=True)
    assert client.post(f"/cases/{case.case_no}/dial", headers=HTMX).status_code == 204
    assert db.session.scalars(select(Call)).one().caller_number == "+8613912340042"


def test_a_dispatcher_has_no_telephone(at, staff):
    case = make_case(staff=staff)
    assert at("dispatcher").post(f"/cases/{case.case_no}/dial").status_code == 403


def test_only_who_may_open_the_call_is_led_to_it(at, staff):
    call = make_call()
    case = make_case(CaseState.DISPATCHED, staff, call_no=call.call_no)
    to_the_call = f'href="/calls/{call.call_no}"'
    for part in ("officer", "dispatcher", "agent"):
        page = at(part).get(f"/cases/{case.case_no}").get_data(as_text=True)
        assert "市民来电" in page
        assert to_the_call not in page, part
    assert to_the_call in at("supervisor").get(f"/cases/{case.case_no}").get_data(as_text=True)


def test_a_department_reads_nothing_of_related_cases_of_others(at, staff):
    other = make_case(staff=staff, title="别家的事")
    follower = make_case(staff=staff, title="并入的事")
    case = make_case(staff=staff, previous_case_no=other.case_no)
    services.merge_case(staff.dispatcher, follower, case.case_no)
    services.dispatch_case(staff.dispatcher, case, staff.bureau.id)
    page = at("officer").get(f"/cases/{case.case_no}").get_data(as_text=True)
    for one in (other, follower):
        assert one.title not in page
        assert one.case_no not in page
    page = at("dispatcher").get(f"/cases/{case.case_no}").get_data(as_text=True)
    for one in (other, follower):
        assert f'href="/cases/{one.case_no}"' in page
    assert f'href="/cases/{case.case_no}"' in at("agent").get(f"/cases/{follower.case_no}").get_data(
        as_text=True
    )
