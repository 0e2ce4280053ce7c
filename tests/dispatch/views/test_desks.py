"""Each desk shows what waits there, to those who work there, whatever the address says."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.extensions import db
from dispatch import services
from dispatch.views.desks import next_step
from dispatch.workflow import CaseState, Urgency
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case

DESKS = {
    "/desks/dispatch": "dispatcher",
    "/desks/review": "reviewer",
    "/desks/callback": "caller",
    "/desks/supervision": "supervisor",
    "/inbox": "officer",
}


@pytest.mark.parametrize(("address", "part"), DESKS.items())
def test_a_desk_is_open_to_those_who_work_there(at, address, part):
    assert at(part).get(address).status_code == 200


@pytest.mark.parametrize(("address", "part"), DESKS.items())
def test_a_desk_is_closed_to_an_agent(at, address, part):
    assert at("agent").get(address).status_code == 403


@pytest.mark.parametrize(("address", "part"), DESKS.items())
def test_nobody_sees_a_desk_without_signing_in(client, staff, address, part):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("state", "address", "part"),
    [
        (CaseState.PENDING_DISPATCH, "/desks/dispatch", "dispatcher"),
        (CaseState.REPLIED, "/desks/review", "reviewer"),
        (CaseState.CALLBACK, "/desks/callback", "caller"),
        (CaseState.DISPATCHED, "/inbox", "officer"),
        (CaseState.SUSPENDED, "/desks/supervision?view=suspended", "supervisor"),
    ],
)
def test_a_case_stands_on_the_desk_of_its_state(at, staff, state, address, part):
    case = make_case(state, staff)
    assert case.case_no in at(part).get(address).get_data(as_text=True)


def test_a_filter_leaves_only_what_it_asks_for(at, staff):
    slow, fast = make_case(staff=staff), make_case(staff=staff, urgency=Urgency.CRITICAL)
    page = at("dispatcher").get("/desks/dispatch?urgency=critical").get_data(as_text=True)
    assert fast.case_no in page
    assert slow.case_no not in page


@pytest.mark.parametrize("address", [*DESKS, "/cases"])
@pytest.mark.parametrize(
    "rubbish",
    [
        "view=nothing&urgency=%00&category=<script>&since=yesterday&until=9999-99-99",
        "cursor=!!!&state=closed&department=%00&district=%27%3B--",
        "cursor=WzAsMV0&text=" + "%F0%9F%98%80" * 200,
        "open=20261123-9999999&open=x&view=&view=all",
        "_scheme=x&_external=1&_anchor=y&endpoint=z&urgency=urgent&self=1&values=2",
        "since=0001-01-01&until=2026-02-30&request_type=1&text=%25_%5C",
    ],
)
def test_lists_survive_rubbish(at, staff, address, rubbish):
    part = DESKS.get(address, "dispatcher")
    make_case(staff=staff)
    assert at(part).get(f"{address}?{rubbish}").status_code == 200


def test_an_empty_desk_says_so(at):
    assert "没有待办工单" in at("reviewer").get("/desks/review").get_data(as_text=True)


def test_a_row_of_the_inbox_carries_its_main_button(at, staff):
    make_case(CaseState.DISPATCHED, staff)
    page = at("officer").get("/inbox").get_data(as_text=True)
    assert 'actions/sign"' in page


def next_action(person, case) -> str | None:
    row = next_step(person, case)
    return row.action.value if row else None


def test_the_next_step_is_the_one_of_this_person_in_this_case(staff):
    other = make_department("交通局", staff.city)
    helper = make_person([Role.CASE_OFFICER], other)
    case = make_case(staff=staff)
    services.dispatch_case(staff.dispatcher, case, staff.bureau.id, [other.id])
    services.sign_case(staff.officer, case)
    assert next_action(staff.officer, case) == "write_reply"
    assert next_action(helper, case) == "report_back"
    services.write_reply(staff.officer, case, "已派人修复。", solved=True)
    assert next_action(staff.approver, case) == "release_reply"
    assert next_action(staff.reviewer, case) is None


def test_the_number_of_statements_does_not_grow_with_the_list(at, staff, count_queries):
    client = at("dispatcher")
    make_case(staff=staff)
    client.get("/desks/dispatch")
    db.session.expire_all()
    with count_queries() as few:
        client.get("/desks/dispatch")
    for _n in range(12):
        make_case(staff=staff)
    db.session.commit()
    db.session.expire_all()
    with count_queries() as many:
        page = client.get("/desks/dispatch")
    assert page.get_data(as_text=True).count("data-key=") == 13
    assert len(many) == len(few), set(many) - set(few)
    assert len(many) <= 14


def test_the_case_beside_the_list_is_drawn_with_it(at, staff):
    case = make_case(staff=staff)
    page = at("dispatcher").get(f"/desks/dispatch?open={case.case_no}").get_data(as_text=True)
    assert f'data-case-no="{case.case_no}"' in page


def test_search_finds_by_number_and_by_telephone(at, staff):
    case, other = make_case(staff=staff, phone="13912340042"), make_case(staff=staff)
    client = at("agent")
    for text in (case.case_no, "139 1234 0042"):
        page = client.get("/cases", query_string={"text": text}).get_data(as_text=True)
        assert case.case_no in page
        assert other.case_no not in page


@pytest.mark.parametrize("kept", ["confidential", "anonymous"])
@pytest.mark.parametrize("address", ["/cases", "/inbox"])
def test_a_department_cannot_try_numbers_against_who_asked_for_confidence(at, staff, kept, address):
    hidden = make_case(CaseState.PROCESSING, staff, phone="13912340042", **{kept: True})
    open_one = make_case(CaseState.PROCESSING, staff, phone="13912340042")
    told = (
        at("officer").get(address, query_string={"text": "13912340042", "view": "all"}).get_data(as_text=True)
    )
    assert open_one.case_no in told
    assert hidden.case_no not in told
    assert hidden.case_no in at("agent").get("/cases?text=13912340042").get_data(as_text=True)


def test_a_department_finds_only_its_own_cases(at, staff):
    ours, not_ours = make_case(CaseState.PROCESSING, staff), make_case(staff=staff)
    page = at("officer").get("/cases").get_data(as_text=True)
    assert ours.case_no in page
    assert not_ours.case_no not in page


def test_many_cases_are_dispatched_at_once_and_one_refusal_does_not_undo_the_others(at, staff):
    first, second, gone = (make_case(staff=staff) for _ in range(3))
    chosen = [f"{case.case_no}:{case.version}" for case in (first, second, gone)]
    services.not_accept_case(staff.dispatcher, gone, "harassment", "已告知")
    data = {"case": chosen, "lead": staff.bureau.code, "desk": "dispatch", "view": "all"}
    answer = at("dispatcher").post("/desks/bulk/dispatch", data=data, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert [first.state, second.state] == [CaseState.DISPATCHED] * 2
    assert gone.state is CaseState.NOT_ACCEPTED
    assert gone.case_no in page


def test_a_bulk_form_that_is_wrong_dispatches_nothing(at, staff):
    case = make_case(staff=staff)
    data = {"case": [f"{case.case_no}:{case.version}"], "lead": ""}
    answer = at("dispatcher").post("/desks/bulk/dispatch", data=data)
    assert answer.status_code == 422
    assert case.state is CaseState.PENDING_DISPATCH


def test_only_what_the_table_allows_is_done_in_bulk(at, staff):
    assert at("dispatcher").get("/desks/bulk/merge").status_code == 404


@pytest.mark.parametrize("words", ["路灯", "灯", "Wi-Fi", "wi-fi", "100%", "灯 Wi"])
def test_search_finds_by_words_of_the_title_whatever_their_case(at, staff, words):
    case, other = (
        make_case(staff=staff, title="路灯 Wi-Fi 故障 100%"),
        make_case(staff=staff, title="井盖缺失"),
    )
    page = at("dispatcher").get("/cases", query_string={"text": words}).get_data(as_text=True)
    assert (case.case_no in page) is (words in "路灯 Wi-Fi 故障 100%" or words == "wi-fi")
    assert other.case_no not in page


@pytest.mark.parametrize(("address", "part"), [("/desks/dispatch", "dispatcher"), ("/cases", "dispatcher")])
def test_a_list_is_sorted_by_number_either_way_round_and_says_so(at, staff, address, part):
    first, last = make_case(staff=staff), make_case(staff=staff)
    for sort, mark in (("number", "ascending"), ("-number", "descending")):
        page = at(part).get(address, query_string={"sort": sort}).get_data(as_text=True)
        assert f'aria-sort="{mark}"' in page
        assert (page.index(first.case_no) < page.index(last.case_no)) is (sort == "number")


def test_a_list_whose_cases_need_no_due_time_is_not_sorted_by_it(at, staff):
    make_case(CaseState.SUSPENDED, staff)
    page = at("supervisor").get("/desks/supervision?view=requests&sort=-due")
    assert page.status_code == 200
    assert "sort=due" not in page.get_data(as_text=True)


def test_after_a_deed_comes_the_next_case_in_the_order_of_the_list(at, staff):
    first, second, third = (make_case(staff=staff) for _ in range(3))
    data = {
        "reason": "请补充地址",
        "desk": "dispatch",
        "view": "all",
        "sort": "-number",
        "version": second.version,
    }
    answer = at("dispatcher").post(f"/cases/{second.case_no}/actions/send_back", data=data)
    assert first.case_no in answer.location
    assert third.case_no not in answer.location
