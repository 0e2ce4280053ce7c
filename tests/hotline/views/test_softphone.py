"""What the telephone in the browser asks and tells, as a browser sends it."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.extensions import db
from config.web.headers import _policy
from hotline.models import CallQuality
from hotline.services import sign_on
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_seat


@pytest.fixture
def agent(app, clock, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "softphone_url", "wss://switch.city.example/ws")
    seat = make_seat("1010")
    seat.in_browser, seat.secret = True, "the seat's password"
    person = make_person([Role.AGENT], name="张敏")
    sign_on(person, "1010")
    return person


@pytest.fixture
def browser(agent, sign_in):
    return sign_in(agent)


def test_the_registration_is_answered_once_asked_for_and_never_cached(browser):
    answer = browser.post("/calls/telephone", json={"browser": "a-browser-here"})
    assert answer.json["password"] == "the seat's password"
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/calls/telephone").status_code == 404


@pytest.mark.parametrize("body", [{}, {"browser": 7}, {"browser": "short"}, {"browser": "x" * 99}, ["x"]])
def test_a_browser_without_a_proper_name_is_refused(browser, body):
    assert browser.post("/calls/telephone", json=body).status_code == 422


def test_the_second_browser_is_told_in_words_that_there_is_a_first(browser):
    browser.post("/calls/telephone", json={"browser": "a-browser-here"})
    answer = browser.post("/calls/telephone", json={"browser": "a-browser-there"})
    assert (answer.status_code, answer.json["where"]) == (409, "another-browser")
    taken = browser.post("/calls/telephone", json={"browser": "a-browser-there", "from_another": True})
    assert taken.status_code == 200


def test_trouble_is_told_by_its_kind_and_shows_in_the_bar(browser):
    assert browser.post("/calls/telephone/trouble", json={"kind": "made up"}).status_code == 422
    bar = browser.post("/calls/telephone/trouble", json={"kind": "denied"}).json
    assert (bar["presence"]["state"], bar["presence"]["reason"]) == ("not_ready", "no_telephone")
    assert bar["presence"]["telephone"]["in_browser"] is True


def test_figures_are_kept_and_shown_on_the_calls_page(browser):
    call = SwitchCall()
    call.arrive()
    call.press()
    call.tell("leg.answered", leg=call.seat_leg)
    figures = {
        "leg": call.seat_leg, "seconds": 60, "codec": "audio/opus", "sent": 3000, "received": 2900, "lost": 100,
        "lost_there": 3, "jitter": 12.0, "worst_jitter": 44.0, "round_trip": 90.0, "worst_round_trip": 300.0,
        "score": 3.7, "worst_score": 2.4, "warnings": 2,
    }  # fmt: skip
    url = f"/calls/{call.row.call_no}/quality"
    assert browser.post(url, json=figures).status_code == 204
    assert db.session.query(CallQuality).one().warnings == 2
    page = browser.get(f"/calls/{call.row.call_no}").text
    assert "通话质量" in page
    assert "2 段质量差" in page
    assert "3.3 %" in page


@pytest.mark.parametrize(
    "wrong", [{"score": 9}, {"seconds": -1}, {"codec": "<b>"}, {"lost": "NaN"}, {"more": 1}]
)
def test_figures_that_cannot_be_are_refused_and_nothing_is_kept(browser, wrong):
    call = SwitchCall()
    call.arrive()
    call.press()
    assert (
        browser.post(f"/calls/{call.row.call_no}/quality", json={"leg": call.seat_leg, **wrong}).status_code
        == 422
    )
    assert db.session.query(CallQuality).count() == 0


def test_seats_of_both_kinds_are_offered_the_kind_used_last_first(agent, browser, sign_in):
    make_agent(seat="1001")
    make_seat("1002")
    browser.post("/calls/presence", json={"state": "signed_out"})
    offers = browser.get("/calls/bar").json["presence"]["offers"]
    assert offers == [{"seat": "1010", "in_browser": True}, {"seat": "1002", "in_browser": False}]


def test_a_browser_is_told_when_to_pick_up_by_itself(agent, browser):
    browser.post("/calls/dial", json={"number": "13912340042"})
    assert browser.get("/calls/bar").json["call"]["picks_up"] == "at_once"


def test_pages_may_connect_to_the_switch_and_to_nobody_else(app):
    found = app.config["SETTINGS"].model_copy(
        update={
            "softphone_url": "wss://switch.city.example/ws",
            "public_base_url": "https://12345.city.example",
        }
    )
    connect = next(part for part in _policy(found).split("; ") if part.startswith("connect-src"))
    assert connect == "connect-src 'self' wss://12345.city.example wss://switch.city.example/ws"
