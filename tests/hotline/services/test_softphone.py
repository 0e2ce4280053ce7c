"""The telephone in the browser: who may be it, what happens when it fails, and how a lost call is taken up again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.models import AuditEntry, Person
from accounts.roles import Role
from config.errors import Conflict, NotFound, Refused
from config.extensions import db
from hotline.forms.quality import QualityReport
from hotline.models import AgentStateChange, CallLeg, CallQuality, Seat
from hotline.services import become_idle, hang_up, hold_call, place_call, sign_off, sign_on
from hotline.services.coming_back import come_back
from hotline.services.quality import note_quality
from hotline.services.softphone import report_trouble, take_telephone
from hotline.words import AgentState, CallState, EndReason, NotReadyReason, Purpose, TelephoneTrouble
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_seat, presence_of, without_survey

HERE, THERE = "a-browser-here", "a-browser-there"


@pytest.fixture(autouse=True)
def _softphone(app, clock, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "softphone_url", "wss://switch.city.example/ws")
    monkeypatch.setattr(app.config["SETTINGS"], "softphone_ice", "stun:s.example:3478 turn:t.example:3478")


def browser_seat(number: str = "1010", *, online: bool = True) -> Seat:
    seat = make_seat(number)
    seat.in_browser, seat.secret, seat.online = True, "the seat's password", online
    db.session.commit()
    return seat


@pytest.fixture
def agent() -> Person:
    person = make_person([Role.AGENT], name="张敏")
    sign_on(person, browser_seat().number)
    return person


def talk() -> SwitchCall:
    call = SwitchCall()
    call.arrive()
    call.press()
    call.tell("leg.answered", leg=call.seat_leg)
    return call


def kinds(commands) -> list[str]:
    return [command.type for command in commands]


# -- being the telephone


def test_the_person_at_the_seat_learns_its_password_and_that_is_audited(agent):
    told = take_telephone(agent, HERE)
    assert (told["seat"], told["password"]) == ("1010", "the seat's password")
    assert told["url"] == "wss://switch.city.example/ws"
    assert told["ice"][0] == {"urls": ["stun:s.example:3478"]}
    assert told["ice"][1]["urls"] == ["turn:t.example:3478"]
    assert presence_of(agent).browser == HERE
    verbs = db.session.scalars(select(AuditEntry.verb)).all()
    assert verbs.count("seat:take_telephone") == 1


def test_who_sits_at_a_desk_phone_or_nowhere_learns_nothing(agent):
    with pytest.raises(Refused):
        take_telephone(make_agent(seat="1001"), HERE)
    with pytest.raises(Refused):
        take_telephone(make_person([Role.AGENT]), HERE)


def test_a_second_browser_must_say_that_it_takes_the_telephone_while_the_first_is_connected(agent):
    take_telephone(agent, HERE)
    with pytest.raises(Conflict):
        take_telephone(agent, THERE)
    assert presence_of(agent).browser == HERE
    take_telephone(agent, THERE, from_another=True)
    assert presence_of(agent).browser == THERE


def test_a_browser_that_is_gone_is_replaced_without_asking(agent):
    take_telephone(agent, HERE)
    db.session.query(Seat).filter_by(number="1010").update({"online": False})
    take_telephone(agent, THERE)
    assert presence_of(agent).browser == THERE


def test_who_signs_off_is_no_telephone_any_more(agent):
    take_telephone(agent, HERE)
    sign_off(agent)
    assert presence_of(agent).browser is None


def test_without_an_address_of_the_switch_nobody_signs_on_at_such_a_seat(app, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "softphone_url", "")
    seat = browser_seat()
    with pytest.raises(Refused):
        sign_on(make_person([Role.AGENT]), seat.number)


# -- when it does not work


def test_trouble_makes_the_agent_not_ready_and_is_in_their_history(agent):
    report_trouble(agent, TelephoneTrouble.DENIED)
    report_trouble(agent, TelephoneTrouble.DENIED)
    presence = presence_of(agent)
    assert (presence.state, presence.reason) == (AgentState.NOT_READY, NotReadyReason.NO_TELEPHONE)
    counted = db.session.query(AgentStateChange).filter_by(reason=NotReadyReason.NO_TELEPHONE).count()
    assert counted == 1


def test_trouble_in_a_talk_waits_for_its_end(agent):
    call = talk()
    report_trouble(agent, TelephoneTrouble.UNPLUGGED)
    assert presence_of(agent).state is AgentState.TALKING
    assert presence_of(agent).next_reason == NotReadyReason.NO_TELEPHONE.value
    assert call.row.state is CallState.TALKING


def test_who_has_no_working_telephone_cannot_become_idle_until_it_is_connected(agent):
    report_trouble(agent, TelephoneTrouble.DENIED)
    seat = db.session.query(Seat).filter_by(number="1010").one()
    seat.online = False
    db.session.commit()
    with pytest.raises(Refused):
        become_idle(agent)
    seat.online = True
    db.session.commit()
    become_idle(agent)
    assert presence_of(agent).state is AgentState.IDLE


def test_nobody_calls_out_on_a_telephone_that_is_not_connected(agent):
    db.session.query(Seat).filter_by(number="1010").update({"online": False})
    with pytest.raises(Refused):
        place_call(agent, "13912340042")


# -- coming back


def test_a_lost_voice_is_rung_anew_and_the_citizen_hears_music_meanwhile(agent):
    call = talk()
    lost = call.seat_leg
    come_back(agent, call.row, lost)
    new = call.seat_leg
    assert new != lost
    assert presence_of(agent).state is AgentState.RESERVED
    assert call.row.state is CallState.TALKING
    leg = db.session.query(CallLeg).filter_by(key=new).one()
    assert leg.purpose is Purpose.RETURN
    call.tell("leg.ended", leg=lost, cause="normal", by="hotline")
    assert presence_of(agent).state is AgentState.RESERVED, "the old leg's end is no news"
    given = call.tell("leg.answered", leg=new)
    assert "connect" in kinds(given)
    assert presence_of(agent).state is AgentState.TALKING


def test_the_seconds_of_such_a_call_are_those_of_one_talk(agent, clock):
    call = talk()
    lost = call.seat_leg
    clock.advance(seconds=60)
    come_back(agent, call.row, lost)
    clock.advance(seconds=4)
    call.tell("leg.answered", leg=call.seat_leg)
    clock.advance(seconds=30)
    hang_up(agent, call.row)
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="hotline")
    row = call.row
    assert row.end_reason is EndReason.AGENT_HUNG_UP
    assert row.talk_seconds == 94
    assert row.agent_id == agent.id


def test_asked_twice_for_the_same_leg_nothing_rings_twice(agent):
    call = talk()
    lost = call.seat_leg
    come_back(agent, call.row, lost)
    new = call.seat_leg
    come_back(agent, call.row, lost)
    assert call.seat_leg == new


def test_who_does_not_pick_up_again_leaves_the_citizen_to_the_next(agent, clock):
    call = talk()
    clock.advance(seconds=60)
    come_back(agent, call.row, call.seat_leg)
    other = make_agent(seat="1002")
    clock.advance(seconds=20)
    given = call.tell("leg.ended", leg=call.seat_leg, cause="no_answer", by="switch")
    assert "hangup" not in kinds(given)
    assert call.row.state in (CallState.QUEUED, CallState.RINGING)
    assert presence_of(other).state is AgentState.RESERVED
    call.tell("leg.answered", leg=call.seat_leg)
    assert call.row.agent_id == other.id


def test_a_telephone_that_falls_silent_leaves_the_citizen_to_the_queue(agent, clock):
    call = talk()
    clock.advance(seconds=60)
    given = call.tell("leg.ended", leg=call.seat_leg, cause="gone", by="switch")
    assert "hangup" not in kinds(given)
    assert call.row.state is CallState.QUEUED
    assert presence_of(agent).state is AgentState.WRAP_UP
    call.caller_hangs_up()
    assert call.row.end_reason is EndReason.CALLER_HUNG_UP


def test_who_hangs_up_still_ends_the_call(agent):
    without_survey()
    call = talk()
    given = call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="agent")
    assert "hangup" in kinds(given)


def test_a_ring_that_was_lost_is_given_again_to_the_same_agent(agent):
    call = SwitchCall()
    call.arrive()
    call.press()
    lost = call.seat_leg
    come_back(agent, call.row, lost)
    assert call.seat_leg != lost
    assert presence_of(agent).state is AgentState.RESERVED
    assert db.session.query(AgentStateChange).filter_by(reason=NotReadyReason.NO_ANSWER).count() == 0


def test_a_call_on_hold_is_taken_up_again_as_well(agent):
    call = talk()
    hold_call(agent, call.row)
    call.tell("leg.held", leg=call.citizen)
    come_back(agent, call.row, call.seat_leg)
    given = call.tell("leg.answered", leg=call.seat_leg)
    assert "connect" in kinds(given)


def test_somebody_elses_call_cannot_be_taken_so(agent):
    call = talk()
    with pytest.raises(Refused):
        come_back(make_agent(seat="1001"), call.row, call.seat_leg)


# -- figures


def report(leg: str, **figures) -> QualityReport:
    plain = {
        "leg": leg, "seconds": 15, "codec": "audio/opus", "sent": 750, "received": 740, "lost": 10, "lost_there": 0,
        "jitter": 4.0, "worst_jitter": 9.0, "round_trip": 60.0, "worst_round_trip": 80.0, "score": 4.2,
        "worst_score": 3.9, "warnings": 0,
    }  # fmt: skip
    return QualityReport.model_validate({**plain, **figures})


def test_the_longest_report_of_a_leg_is_kept(agent):
    call = talk()
    leg = call.seat_leg
    note_quality(agent, call.row, report(leg, seconds=30, warnings=1))
    note_quality(agent, call.row, report(leg, seconds=15))
    kept = db.session.query(CallQuality).one()
    assert (kept.seconds, kept.warnings) == (30, 1)
    assert round(kept.loss, 4) == round(10 / 750, 4)


def test_figures_of_somebody_elses_leg_are_nobodys(agent):
    call = talk()
    with pytest.raises(NotFound):
        note_quality(make_agent(seat="1001"), call.row, report(call.seat_leg))
