"""Call statistics: grouped figures are the KPIs' own, and an independent count of the raw log comes to the same."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from accounts.roles import Role
from config import clock as clocks
from config.extensions import db
from hotline.models import AgentPresence
from hotline.services import finish_wrap_up
from reports.kpis import Period, compute_all
from reports.statistics import By, statistics
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, make_agent, make_call, make_queue


@pytest.fixture
def manager(app, sign_in):
    return sign_in(make_person([Role.MANAGER]))


@pytest.fixture
def period(clock):
    return Period.of_days(clocks.today() - timedelta(days=1), clocks.today())


def values(figures, *codes):
    return [figures[code].value for code in codes]


def test_rows_add_up_to_the_figures_of_the_whole(clock, period):
    for _ in range(3):
        agent = make_agent()
        call = SwitchCall()
        seat = agent_seat(agent)
        call.arrive(prefer_seat=seat)
        clock.advance(seconds=4)
        call.tell("leg.answered", leg=call.seat_leg)
        clock.advance(seconds=60)
        call.caller_hangs_up()
    gone = SwitchCall()
    gone.arrive()
    gone.press()
    clock.advance(seconds=20)
    gone.caller_hangs_up()
    for by in By:
        found = statistics(period, by)
        for code in ("calls_offered", "calls_answered", "calls_abandoned", "talk_total", "wait_total"):
            assert sum(row.figures[code].value or 0 for row in found.rows) == found.whole[code].value, (
                by,
                code,
            )
    whole = statistics(period, By.DAY).whole
    assert values(whole, "calls_offered", "calls_answered", "talk_total") == [4, 3, 180]
    assert values(whole, "answer_rate") == [compute_all(period)["answer_rate"].value] == [0.75]


def agent_seat(agent):
    return db.session.query(AgentPresence).filter_by(agent_id=agent.id).one().seat.number


def test_a_queue_alone_has_its_own_calls(clock, period):
    other = make_queue("enterprise", "企业服务", key="2")
    make_call()
    gone = SwitchCall()
    gone.arrive()
    gone.press("2")
    found = statistics(period, By.HOUR, other.id)
    assert values(found.whole, "calls_offered", "calls_answered") == [1, 0]
    assert [row.label for row in found.rows] == ["10:00"]


def test_every_agent_who_wraps_a_call_up_adds_their_seconds(clock, period):
    """A call that was handed on is wrapped up twice."""
    call = make_call()
    first = call.agent
    call.wrap_seconds = 7
    db.session.commit()
    seen = SwitchCall()
    seen.arrive(prefer_seat=agent_seat(first))
    seen.tell("leg.answered", leg=seen.seat_leg)
    seen.caller_hangs_up()
    seen.tell("leg.ended", leg=seen.seat_leg, cause="normal", by="hotline")
    seen.row.wrap_seconds = 7
    db.session.commit()
    clock.advance(seconds=12)
    finish_wrap_up(first)
    assert seen.row.wrap_seconds == 19


def test_the_page_shows_the_table_and_exports_it(clock, manager):
    make_call()
    page = manager.get("/statistics/calls?by=queue").text
    assert "综合" in page or "general" in page
    answer = manager.get("/statistics/calls.xlsx?by=agent")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert rows[0][0] in ("坐席", "话务员", "Agent")
    assert len(rows) == 3
    assert rows[1][1:3] == (1, 1)


@pytest.mark.parametrize(
    "rubbish",
    [
        "by=moon",
        "from=x&to=9999-99-99",
        "queue=%00",
        "by=agent&queue=99999999999999999999",
        "from=0001-01-01",
    ],
)
def test_the_page_survives_rubbish(clock, manager, rubbish):
    make_call()
    assert manager.get(f"/statistics/calls?{rubbish}").status_code == 200
    assert manager.get(f"/statistics/calls.xlsx?{rubbish}").status_code == 200


def test_agents_do_not_compare_each_other(app, sign_in):
    assert sign_in(make_agent()).get("/statistics/calls").status_code == 403


def test_an_empty_period_says_so(manager):
    assert "statistics" in manager.get("/statistics/calls?from=2020-01-01&to=2020-01-02").text


def test_a_lead_of_a_branch_sees_its_peoples_figures_and_a_planner_everybodys(clock, period, sign_in):
    branch = make_department()
    mine, other = make_agent(name="甲某"), make_agent(name="乙某")
    mine.department, other.department = make_department(parent=branch), make_department()
    db.session.commit()
    for agent in (mine, other, other):
        clock.advance(seconds=30)
        make_call(agent)
    whole, part = statistics(period, By.AGENT), statistics(period, By.AGENT, branch=(branch.path,))
    assert values(whole.whole, "calls_offered", "calls_answered") == [3, 3]
    assert values(part.whole, "calls_offered", "calls_answered") == [1, 1]
    assert [row.label for row in part.rows] == ["甲某"]
    assert part.rows[0].figures["occupancy"].denominator < whole.whole["occupancy"].denominator
    page = sign_in(make_person([Role.SHIFT_LEAD], branch)).get("/statistics/calls?by=agent").text
    assert "甲某" in page
    assert "乙某" not in page
    assert "乙某" in sign_in(make_person([Role.PLANNER], branch)).get("/statistics/calls?by=agent").text
