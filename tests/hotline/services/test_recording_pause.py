"""A pause of the recording that was forgotten ends by itself, and says so."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from accounts.models import Person
from config.extensions import db
from config.timers import run_due_timers
from config.transaction import transaction
from hotline.models import CallDeed
from hotline.services import recording_pause, room
from hotline.services.targets import Target
from hotline.words import Deed
from tests.factories.hotline import make_agent
from tests.hotline.services.scenes import Talk, ask, recorder_told

LONGEST, WARNED, LOOKS = 120, 15, 1


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(recording_pause, "tell", lambda who, event, _facts: heard.append((who, event)))
    return heard


def wait(talk: Talk, seconds: float) -> None:
    """The clock process looks all the while."""
    whole, rest = divmod(seconds, LOOKS)
    for step in (*[LOOKS] * int(whole), rest):
        jump(talk, step)


def jump(talk: Talk, seconds: float) -> None:
    """It did not look meanwhile."""
    talk.clock.advance(seconds=seconds)
    run_due_timers()


def warned_and_resumed(agent: Person) -> list[tuple[str, str]]:
    return [(f"person:{agent.id}", "recording:resumes"), (f"person:{agent.id}", "recording:resumed")]


def test_forgotten_it_ends_and_the_agent_the_ladder_and_the_audit_trail_are_told(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST - WARNED - 1)
    assert told == []
    wait(talk, 2)
    assert told == warned_and_resumed(talk.agent)[:1]
    wait(talk, WARNED - 2)
    assert talk.row.recording_paused_at is not None
    wait(talk, 2)
    assert talk.row.recording_paused_at is None
    assert recorder_told(talk) == ["start", "pause", "start"]
    assert told == warned_and_resumed(talk.agent)
    deed = db.session.query(CallDeed).filter_by(deed=Deed.RESUME_RECORDING).one()
    assert (deed.person_id, deed.detail) == (None, {"reason": "pause_over", "seconds": LONGEST})
    audited = db.session.query(AuditEntry).filter_by(verb="call:resume_recording").one()
    assert audited.person_id is None
    wait(talk, LONGEST)
    assert recorder_told(talk) == ["start", "pause", "start"]


def test_the_setting_says_how_long(talk, told, app, monkeypatch):
    found = app.config["SETTINGS"].model_copy(update={"recording_pause_seconds": 30})
    monkeypatch.setitem(app.config, "SETTINGS", found)
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 31)
    assert talk.row.recording_paused_at is None


def test_kept_on_it_lasts_its_time_anew_and_is_warned_of_anew(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST - 5)
    room.keep_recording_paused(talk.agent, talk.row)
    wait(talk, LONGEST - WARNED - 1)
    assert told == warned_and_resumed(talk.agent)[:1]
    assert recorder_told(talk) == ["start", "pause"]
    wait(talk, WARNED + 2)
    assert told == [warned_and_resumed(talk.agent)[0], *warned_and_resumed(talk.agent)]
    assert recorder_told(talk) == ["start", "pause", "start"]
    deeds = db.session.query(CallDeed).filter_by(deed=Deed.PAUSE_RECORDING).order_by(CallDeed.id)
    assert [deed.detail for deed in deeds] == [{}, {"reason": "pause_kept"}]
    audited = db.session.query(AuditEntry).filter_by(verb="call:pause_recording").order_by(AuditEntry.id)
    assert [entry.person_id for entry in audited] == [talk.agent.id] * 2


def test_kept_on_in_the_moment_in_which_it_ended_by_itself_it_is_paused(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST + 1)
    room.keep_recording_paused(talk.agent, talk.row)
    assert talk.row.recording_paused_at is not None
    assert recorder_told(talk) == ["start", "pause", "start", "pause"]


def test_only_who_can_keep_it_paused_is_warned_and_all_are_told_that_it_goes_on(talk, told):
    colleague = make_agent()
    room.pause_recording(talk.agent, talk.row, True)
    ask(talk, colleague)
    told.clear()
    wait(talk, LONGEST + 1)
    assert told[0] == (f"person:{talk.agent.id}", "recording:resumes")
    resumed = {(f"person:{person.id}", "recording:resumed") for person in (talk.agent, colleague)}
    assert set(told[1:]) == resumed


def test_however_late_the_clock_is_nobody_is_recorded_again_unwarned(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    jump(talk, LONGEST + 30)
    assert told == warned_and_resumed(talk.agent)[:1]
    wait(talk, WARNED - 1)
    assert talk.row.recording_paused_at is not None
    wait(talk, 2)
    assert talk.row.recording_paused_at is None


def test_a_pause_shorter_than_twice_the_warning_is_warned_of_half_way(talk, told, app, monkeypatch):
    found = app.config["SETTINGS"].model_copy(update={"recording_pause_seconds": 20})
    monkeypatch.setitem(app.config, "SETTINGS", found)
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, 9)
    assert told == []
    wait(talk, 2)
    assert told == warned_and_resumed(talk.agent)[:1]


def test_a_pause_begun_before_the_update_ends_as_it_was_to(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    row = talk.row
    row.recording_paused_until = None
    db.session.commit()
    with transaction():
        recording_pause.warn_or_resume(str(row.id), {"paused_at": "then"})
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
    assert recorder_told(talk) == ["start", "pause"]
    assert db.session.query(CallDeed).filter_by(deed=Deed.PAUSE_RECORDING).count() == 1


def test_who_ends_it_in_the_moment_in_which_it_ends_by_itself_does_not_pause_anew(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    wait(talk, LONGEST + 1)
    room.pause_recording(talk.agent, talk.row, False)
    assert talk.row.recording_paused_at is None
    assert recorder_told(talk) == ["start", "pause", "start"]


def test_after_the_talk_nothing_is_ordered_any_more(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    talk.ends(talk.call.citizen, by="caller")
    talk.ends(talk.agents_leg)
    wait(talk, LONGEST + 1)
    assert recorder_told(talk) == ["start", "pause"]
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
    assert told == warned_and_resumed(colleague)


def test_it_ends_though_the_citizen_waits_in_a_queue_meanwhile(talk, told):
    room.pause_recording(talk.agent, talk.row, True)
    room.transfer(talk.agent, talk.row, Target(queue=talk.row.queue))
    talk.ends(talk.agents_leg)
    wait(talk, LONGEST + 1)
    assert talk.row.recording_paused_at is None
