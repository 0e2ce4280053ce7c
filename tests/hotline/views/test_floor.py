"""The floor: who may see and steer whom, filters that survive anything, breaks over their time, words to agents."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.extensions import db
from config.timers import run_due_timers
from hotline.models import AgentMessage, AgentStateChange, BreakAllowance, Seat
from hotline.services import become_idle, become_not_ready
from hotline.services.room import ask_for_help
from hotline.words import AgentState, NotReadyReason
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import make_agent, make_call, presence_of


def allow_break(minutes: int) -> None:
    db.session.query(BreakAllowance).delete()
    db.session.add(BreakAllowance(reason=NotReadyReason.BREAK, minutes=minutes))
    db.session.commit()


def seat_id(agent) -> int:
    return presence_of(agent).seat_id


def row_of(browser, agent, query="") -> str | None:
    number = seat_id(agent)
    return browser.get(f"/floor/news?seats={number}{query}").json["seats"][str(number)]


def test_a_row_says_who_is_there_with_whom_and_masks_the_caller(lead, clock):
    agent = make_agent(name="张敏", seat="1001")
    call = make_call(agent, state="talking")
    row = row_of(lead, agent)
    for word in ("张敏", "1001", "139****0042", call.call_no, 'data-state="talking"'):
        assert word in row
    assert "13912340042" not in row


def test_a_lead_of_a_branch_sees_and_steers_its_agents_only(app, sign_in):
    branch = make_department()
    mine, other = make_agent(name="甲"), make_agent(name="乙")
    mine.department = make_department(parent=branch)
    db.session.commit()
    browser = sign_in(make_person([Role.SHIFT_LEAD], branch))
    page = browser.get("/floor").text
    assert "甲" in page
    assert "乙" not in page
    assert row_of(browser, other) is None
    assert browser.post(f"/floor/agents/{mine.id}/not-ready").status_code == 200
    assert browser.post(f"/floor/agents/{other.id}/not-ready").status_code == 403
    assert browser.post(f"/floor/agents/{other.id}/message", json={"words": "好"}).status_code == 403
    assert presence_of(other).state is AgentState.IDLE


def test_a_lead_sets_ready_and_signs_off_but_not_out_of_a_call(lead, clock):
    agent = make_agent()
    lead.post(f"/floor/agents/{agent.id}/not-ready")
    assert presence_of(agent).reason is NotReadyReason.FORCED
    lead.post(f"/floor/agents/{agent.id}/ready")
    assert presence_of(agent).state is AgentState.IDLE
    lead.post(f"/floor/agents/{agent.id}/sign-off")
    assert presence_of(agent).state is AgentState.SIGNED_OUT
    talking = make_agent()
    make_call(talking, state="talking")
    for deed in ("ready", "sign-off"):
        assert lead.post(f"/floor/agents/{talking.id}/{deed}").status_code == 409
    assert presence_of(talking).state is AgentState.TALKING


def test_who_watches_only_may_not_steer(app, sign_in):
    agent = make_agent()
    manager = sign_in(make_person([Role.MANAGER]))
    assert manager.get("/floor").status_code == 200
    assert "data-floor-actions" not in manager.get("/floor").text
    assert manager.post(f"/floor/agents/{agent.id}/not-ready").status_code == 403


def test_a_break_over_its_allowance_is_marked_and_told_once_it_is(lead, clock):
    allow_break(10)
    agent = make_agent()
    become_not_ready(agent, NotReadyReason.BREAK)
    assert 'data-over="2026-11-23T02:10:00+00:00"' in row_of(lead, agent)
    clock.advance(minutes=9)
    run_due_timers()
    stretch = db.session.query(AgentStateChange).filter_by(agent_id=agent.id, until_at=None).one()
    assert stretch.over_at is None
    clock.advance(minutes=2)
    run_due_timers()
    db.session.refresh(stretch)
    assert stretch.over_at == clock.at


def test_a_break_that_ended_in_time_is_no_alarm_though_another_began(lead, clock):
    allow_break(10)
    agent = make_agent()
    become_not_ready(agent, NotReadyReason.BREAK)
    clock.advance(minutes=5)
    become_idle(agent)
    clock.advance(minutes=1)
    become_not_ready(agent, NotReadyReason.MEAL)
    clock.advance(minutes=6)
    run_due_timers()
    assert db.session.query(AgentStateChange).filter(AgentStateChange.over_at.is_not(None)).count() == 0


def test_allowances_are_rows_a_lead_changes(lead):
    answer = lead.post("/floor/allowances", data={"break": "20", "meal": "", "meeting": "60"})
    assert answer.status_code == 302
    kept = {row.reason: row.minutes for row in db.session.query(BreakAllowance)}
    assert kept == {NotReadyReason.BREAK: 20, NotReadyReason.MEETING: 60}
    assert lead.post("/floor/allowances", data={"break": "0"}).status_code == 422
    assert lead.post("/floor/allowances", data={"break": "ten"}).status_code == 422


def test_rubbish_among_the_seats_asked_for_is_passed_over(lead):
    make_agent(seat="1001")
    number = db.session.query(Seat).one().id
    assert list(lead.get(f"/floor/news?seats=²,１,x,-1,{number}").json["seats"]) == [str(number)]


def test_a_request_for_help_stands_on_top_with_its_context(lead, clock):
    agent = make_agent(name="张敏", seat="1001")
    call = make_call(agent, state="talking")
    ask_for_help(agent, call)
    told = lead.get("/floor/news").json["help"]
    for word in ("张敏", "1001", "139****0042", call.call_no, 'data-mode="whisper"'):
        assert word in told
    ask_for_help(agent, call)
    assert "张敏" not in lead.get("/floor/news").json["help"]


def test_words_from_the_floor_stay_on_the_call_bar_until_read(lead, sign_in):
    agent = make_agent()
    assert (
        lead.post(f"/floor/agents/{agent.id}/message", json={"words": " 请先 接 英语来电 "}).status_code
        == 200
    )
    browser = sign_in(agent)
    (message,) = browser.get("/calls/bar").json["messages"]
    assert message["words"] == "请先 接 英语来电"
    other = sign_in(make_agent())
    other.post(f"/calls/messages/{message['id']}/read")
    assert db.session.query(AgentMessage).one().read_at is None
    assert browser.post(f"/calls/messages/{message['id']}/read").json["messages"] == []


@pytest.mark.parametrize("words", ["", "   ", "字" * 201, None, ["x"]])
def test_words_that_are_none_are_not_sent(lead, words):
    agent = make_agent()
    answer = lead.post(f"/floor/agents/{agent.id}/message", json={"words": words})
    assert answer.status_code == 422 or words == ["x"]


@pytest.mark.parametrize(
    "rubbish",
    [
        "state=flying&site=%00&skill=x&department=9999999999999999999999",
        "seats=,,-1,99999999999999999999,a",
        "site=" + "x" * 4000,
    ],
)
def test_the_filters_survive_rubbish(lead, rubbish):
    make_agent()
    assert lead.get(f"/floor?{rubbish}").status_code == 200
    assert lead.get(f"/floor/news?{rubbish}").status_code == 200


def test_filters_leave_the_seats_of_a_site(lead):
    here, there = make_agent(seat="1001"), make_agent(seat="2001")
    db.session.query(Seat).filter_by(number="1001").one().site = "一号楼"
    db.session.query(Seat).filter_by(number="2001").one().site = "二号楼"
    db.session.commit()
    assert row_of(lead, here, "&site=一号楼") is not None
    assert row_of(lead, there, "&site=一号楼") is None


def test_the_floor_asks_no_more_for_more_seats(lead, count_queries, clock):
    make_call(make_agent(), state="talking")
    lead.get("/floor")
    with count_queries() as few:
        lead.get("/floor")
    for n in range(6):
        make_call(make_agent(), f"+86139000000{n:02d}", state="talking")
    lead.get("/floor")
    with count_queries() as many:
        lead.get("/floor")
    assert len(many) <= len(few)
