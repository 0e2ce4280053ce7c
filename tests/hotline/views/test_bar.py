"""The call bar's JSON, as the pages press it."""

from __future__ import annotations

import json

import pytest

from accounts.roles import Role
from config.extensions import db, redis_client
from hotline.models import AgentPresence
from tests.factories.accounts import make_person
from tests.factories.hotline import make_agent, make_seat, waiting_call


@pytest.fixture
def agent(app):
    return make_agent(seat="1001")


@pytest.fixture
def browser(agent, sign_in):
    return sign_in(agent)


def test_an_agent_signs_on_takes_a_break_and_goes_home(app, sign_in):
    make_seat("1002")
    browser = sign_in(make_person([Role.AGENT]))
    offered = browser.get("/calls/bar").json["presence"]
    assert (offered["state"], offered["seat"]) == ("signed_out", "1002")
    on = browser.post("/calls/presence", json={"state": "idle", "seat": "1002"}).json
    assert (on["presence"]["state"], on["presence"]["seat"]) == ("idle", "1002")
    away = browser.post("/calls/presence", json={"state": "not_ready", "reason": "meal"}).json
    assert (away["presence"]["state"], away["presence"]["reason"]) == ("not_ready", "meal")
    off = browser.post("/calls/presence", json={"state": "signed_out"}).json
    assert off["presence"]["state"] == "signed_out"


def test_who_comes_back_is_offered_their_last_seat_unless_it_is_taken(app, sign_in):
    for number in ("1001", "1002"):
        make_seat(number)
    person = make_person([Role.AGENT])
    browser, other = sign_in(person), sign_in(make_person([Role.AGENT]))
    browser.post("/calls/presence", json={"state": "idle", "seat": "1002"})
    browser.post("/calls/presence", json={"state": "signed_out"})
    assert browser.get("/calls/bar").json["presence"]["seat"] == "1002"
    other.post("/calls/presence", json={"state": "idle", "seat": "1002"})
    assert browser.get("/calls/bar").json["presence"]["seat"] == "1001"


def test_a_seat_is_one_persons_and_the_second_is_told_whose(browser, sign_in):
    answer = sign_in(make_person([Role.AGENT])).post(
        "/calls/presence", json={"state": "idle", "seat": "1001"}
    )
    assert answer.status_code == 409
    assert answer.json["by"] == db.session.query(AgentPresence).one().agent.name


def test_a_ringing_call_is_in_the_bar_and_its_number_is_masked(browser):
    call = waiting_call()
    bar = browser.get("/calls/bar").json
    assert (bar["call"]["call_no"], bar["call"]["state"]) == (call.row.call_no, "ringing")
    assert bar["call"]["number_masked"] == "139****0042"
    assert "13912340042" not in json.dumps(bar)


def test_a_call_is_answered_held_resumed_and_hung_up_from_the_bar(browser):
    call = waiting_call()
    number = call.row.call_no
    assert browser.post(f"/calls/{number}/answer").status_code == 200
    call.tell("leg.answered", leg=call.seat_leg)
    assert browser.get("/calls/bar").json["call"]["state"] == "talking"
    for verb, event in (("hold", "leg.held"), ("resume", "leg.resumed")):
        assert browser.post(f"/calls/{number}/{verb}").status_code == 200
        call.tell(event, leg=call.citizen)
    assert browser.post(f"/calls/{number}/hangup").status_code == 200
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")
    bar = browser.get("/calls/bar").json
    assert (bar["presence"]["state"], bar["call"]) == ("wrap_up", None)
    assert browser.post("/calls/wrap-up/finish").json["presence"]["state"] == "idle"


def test_somebody_elses_call_cannot_be_touched(browser, sign_in):
    call = waiting_call()
    other = sign_in(make_agent())
    for verb in ("answer", "hangup", "hold", "resume"):
        assert other.post(f"/calls/{call.row.call_no}/{verb}").status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"state": "asleep"}, {"state": "not_ready"}, {"state": "not_ready", "reason": "forced"}, [1]]
)
def test_a_state_nobody_may_choose_is_refused(browser, body):
    assert browser.post("/calls/presence", json=body).status_code == 422
    assert browser.get("/calls/bar").json["presence"]["state"] == "idle"


def test_dialling_a_wrong_number_says_so_and_rings_nobody(browser):
    assert browser.post("/calls/dial", json={"number": "abc"}).status_code == 422
    assert browser.get("/calls/bar").json["call"] is None


def test_dialling_rings_the_agents_own_telephone_first(browser):
    bar = browser.post("/calls/dial", json={"number": "13912340042"}).json
    assert (bar["call"]["state"], bar["call"]["direction"]) == ("ringing", "out")


def test_ring_me_asks_the_simulator_for_this_seat(browser):
    assert browser.post("/calls/ring-me").status_code == 202
    ((_id, asked),) = redis_client().xrange("telephony:simulator:requests")
    assert (asked[b"kind"], asked[b"seat"]) == (b"ring_me", b"1001")


def test_an_officer_has_no_call_bar(app, sign_in):
    browser = sign_in(make_person([Role.CASE_OFFICER]))
    assert browser.get("/calls/bar", headers={"Accept": "application/json"}).status_code == 403


def test_a_pause_of_the_recording_shows_since_when_and_is_what_was_wanted(browser, agent):
    call = waiting_call()
    call.tell("leg.answered", leg=call.seat_leg)
    path = f"/calls/{call.row.call_no}/room/pause-recording"
    paused = browser.post(path, json={"paused": True}).json["call"]["recording_paused"]
    assert paused == call.row.recording_paused_at.isoformat()
    assert browser.post(path, json={"paused": True}).json["call"]["recording_paused"] == paused
    assert browser.post(path, json={"paused": False}).json["call"]["recording_paused"] is None
    assert browser.post(path, json={"paused": False}).json["call"]["recording_paused"] is None
