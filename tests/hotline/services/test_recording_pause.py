"""A pause of the recording that was forgotten ends by itself, and says so."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from config.extensions import db
from config.timers import run_due_timers
from hotline.models import CallCommand, CallDeed
from hotline.services import recording_pause, room
from hotline.services.targets import Target
from hotline.words import Deed
from tests.factories.hotline import make_agent, without_survey
from tests.hotline.services.test_room import Talk, ask

LONGEST = 120


@pytest.fixture
def talk(app, clock) -> Talk:
    without_survey()
    return Talk(clock)


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(recording_pause, "tell", lambda who, event, _facts: heard.append((who, event)))
    return heard


def wait(talk: Talk, seconds: float) -> None:
    talk.clock.advance(seconds=seconds)
    run_due_timers()


def actions(talk: Talk) -> list[str]:
    rows = db.session.query(CallCommand).filter_by(type="record", call_id=talk.row.id)
    return [row.args["action"] for row in rows.order_by(CallCommand.id)]


def test_forgotten_it_ends_and_the_agent_the_ladder_and_the_audit_trail_are_told(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST - 1)
    assert talk.row.recording_paused_at is not None
    wait(talk, 2)
    assert talk.row.recording_paused_at is None
    assert actions(talk) == ["start", "pause", "start"]
    assert told == [(f"person:{talk.agent.id}", "recording:resumed")]
    deed = db.session.query(CallDeed).filter_by(deed=Deed.RESUME_RECORDING).one()
    assert (deed.person_id, deed.detail) == (None, {"reason": "pause_over", "seconds": LONGEST})
    audited = db.session.query(AuditEntry).filter_by(verb="call:resume_recording").one()
    assert audited.person_id is None
    wait(talk, LONGEST)
    assert actions(talk) == ["start", "pause", "start"]


def test_the_setting_says_how_long(talk, told, app, monkeypatch):
    found = app.config["SETTINGS"].model_copy(update={"recording_pause_seconds": 30})
    monkeypatch.setitem(app.config, "SETTINGS", found)
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 31)
    assert talk.row.recording_paused_at is None


def test_each_pause_has_its_own_time(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 60)
    room.pause_recording(talk.agent, talk.row, False)
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 61)
    assert talk.row.recording_paused_at is not None
    wait(talk, 60)
    assert talk.row.recording_paused_at is None


def test_pressed_twice_it_is_paused_once(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    room.pause_recording(talk.agent, talk.row, True)
    assert actions(talk) == ["start", "pause"]
    assert db.session.query(CallDeed).filter_by(deed=Deed.PAUSE_RECORDING).count() == 1


def test_who_ends_it_in_the_moment_in_which_it_ends_by_itself_does_not_pause_anew(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST + 1)
    room.pause_recording(talk.agent, talk.row, False)
    assert talk.row.recording_paused_at is None
    assert actions(talk) == ["start", "pause", "start"]


def test_after_the_talk_nothing_is_ordered_any_more(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    talk.ends(talk.call.citizen, by="caller")
    talk.ends(talk.agents_leg)
    wait(talk, LONGEST + 1)
    assert actions(talk) == ["start", "pause"]
    assert told == []


def test_with_the_next_agent_it_is_over_and_their_own_pause_lasts_its_time(talk, told):
    colleague = make_agent()
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 100)
    ask(talk, colleague)
    room.hand_over(talk.agent, talk.row)
    talk.ends(talk.agents_leg)
    room.pause_recording(colleague, talk.row, True)
    wait(talk, 30)
    assert talk.row.recording_paused_at is not None, "the timer of the first agent's pause is not this one's"
    assert told == []
    wait(talk, LONGEST)
    assert told == [(f"person:{colleague.id}", "recording:resumed")]


def test_it_ends_though_the_citizen_waits_in_a_queue_meanwhile(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    talk.ends(talk.agents_leg)
    wait(talk, LONGEST + 1)
    assert talk.row.recording_paused_at is None
