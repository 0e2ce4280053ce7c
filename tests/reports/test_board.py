"""The live board: computed for everybody at once, only while somebody looks, and every figure leads to its cases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError
from sqlalchemy import func, select

from accounts.roles import Role
from config.extensions import db, redis_client
from config.timers import Timer, run_due_timers
from dispatch import services
from dispatch.models import Case
from dispatch.workflow import CaseState
from reports import board as boards
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import SwitchCall, make_agent


@pytest.fixture
def told(monkeypatch) -> list[str]:
    rooms: list[str] = []
    monkeypatch.setattr(boards, "tell", lambda room, _event, _payload: rooms.append(room))
    return rooms


def ticking() -> bool:
    return bool(db.session.scalar(select(func.count()).select_from(Timer).where(Timer.kind == boards.TIMER)))


def test_waiting_calls_and_agents_are_counted_as_they_are_now(app, clock):
    caller = SwitchCall()
    caller.arrive()
    caller.press()
    clock.advance(seconds=42)
    waiting = boards.snapshot()["waiting"]
    assert (waiting["calls"], waiting["longest"], waiting["live"]) == (1, 42, 1)
    make_agent()  # and the call rings there
    now = boards.snapshot()
    assert (now["agents"]["reserved"], now["agents"]["idle"]) == (1, 0)


def test_who_looks_within_two_seconds_sees_the_same_figures(app, clock):
    first = boards.board()
    make_agent()
    assert boards.board() == first


def test_the_board_goes_on_ticking_only_while_somebody_looks(app, clock, told):
    boards.board()
    for _ in range(3):
        clock.advance(seconds=2)
        run_due_timers()
    assert told == ["board"] * 3
    redis_client().delete(boards.WATCHED)  # nobody asked for a minute
    clock.advance(seconds=2)
    run_due_timers()
    assert told == ["board"] * 3
    assert not ticking()


def test_overdue_and_due_today_lead_to_as_many_cases_as_they_count(app, clock, sign_in):
    staff = make_staff()
    manager = sign_in(make_person([Role.MANAGER], staff.city))
    late, today, later = (make_case(CaseState.PROCESSING, staff) for _ in range(3))
    make_case(CaseState.ANSWERED, staff)
    now = clock.at
    for case, days in ((late, -1), (today, 0.1), (later, 5)):
        case.due_at = now + timedelta(days=days)
    db.session.commit()
    figures = boards.snapshot()["cases"]
    assert (figures["overdue"], figures["due_today"], figures["open"]) == (1, 1, 3)
    page = manager.get("/board").get_data(as_text=True)
    for due, case in (("overdue", late), ("today", today)):
        assert f"/cases?due={due}" in page
        found = manager.get(f"/cases?due={due}").get_data(as_text=True)
        assert [one.case_no in found for one in (late, today, later)] == [
            one is case for one in (late, today, later)
        ]


def test_todays_figures_of_cases_lead_to_as_many_cases_as_they_count(app, clock, sign_in):
    staff = make_staff()
    earlier, still_open = make_case(CaseState.CALLBACK, staff), make_case(CaseState.PROCESSING, staff)
    clock.advance(days=1)
    services.close_after_callback(staff.caller, earlier, True, 5)
    at_once, merged = make_case(CaseState.ANSWERED, staff), make_case(CaseState.MERGED, staff)
    manager = sign_in(make_person([Role.MANAGER], staff.city))
    figures, page = boards.snapshot()["figures"], manager.get("/board").get_data(as_text=True)
    assert (figures["cases_registered"]["value"], figures["cases_closed"]["value"]) == (3, 2)
    told = {
        "cases_registered": {at_once, merged, merged.master},
        "cases_closed": {earlier, at_once},
    }
    for code, cases in told.items():
        href = re.findall(rf'data-figure="figures.{code}"\s+href="([^"]+)"', page)[0].replace("&amp;", "&")
        found = manager.get(href).get_data(as_text=True)
        for case in (earlier, still_open, at_once, merged, merged.master):
            assert (case.case_no in found) == (case in cases), (code, case.title)
    day = f"{clock.at:%Y-%m-%d}"
    assert f"/calls?from_day={day}&amp;to_day={day}" in page


def test_a_figure_leads_only_where_its_reader_may_go(app, sign_in):
    assert 'href="/floor"' in sign_in(make_person([Role.SHIFT_LEAD])).get("/board").get_data(as_text=True)
    assert 'href="/floor"' not in sign_in(make_person([Role.AGENT])).get("/board").get_data(as_text=True)


def test_a_redis_that_is_away_leaves_the_board_standing(app, monkeypatch):
    class Away:
        def __getattr__(self, _name):
            raise ConnectionError("away")

    monkeypatch.setattr(boards, "redis_client", Away)
    assert boards.board()["cases"]["open"] == db.session.scalar(select(func.count()).select_from(Case))
