"""Messages for the next shift: one has it, the second is told who; dealt with, it is kept."""

from __future__ import annotations

from datetime import time

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, Invalid, NotFound, NotPermitted
from config.extensions import db
from config.timers import run_due_timers
from hotline.models import MissedCall, Recording, Voicemail
from hotline.services import keeping, messages
from hotline.services.queues import default_queue, save_queue
from hotline.words import CallState, VoicemailState
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent
from tests.hotline.services.scenes import half_an_hour

NUMBER = "+8613912340042"


def leave_message(clock, seconds=7.0, number=NUMBER) -> SwitchCall:
    call = SwitchCall(number)
    call.arrive()
    call.press()
    clock.advance(seconds=15)
    run_due_timers()
    ready = {"url": "file:///m.wav", "seconds": seconds, "sha256": "0" * 64, "prompt": "voicemail"}
    call.tell("recording.started", leg=call.citizen, prompt="voicemail")
    call.tell("recording.ready", leg=call.citizen, **ready)
    call.caller_hangs_up()
    return call


@pytest.fixture
def message(app, clock) -> Voicemail:
    leave_message(clock)
    return db.session.query(Voicemail).one()


def test_a_message_is_one_task_however_often_it_is_told(app, clock):
    call = leave_message(clock)
    again = {"url": "file:///m.wav", "seconds": 7.0, "sha256": "0" * 64, "prompt": "voicemail"}
    call.tell("recording.ready", leg=call.citizen, **again)
    assert db.session.query(Voicemail).count() == 1
    assert [row.is_message for row in db.session.query(Recording)] == [True]


def test_who_spoke_is_owed_no_other_call_and_who_only_breathed_is(app, clock):
    leave_message(clock)
    leave_message(clock, seconds=0.4, number="+8613912340043")
    clock.advance(minutes=31)
    run_due_timers()
    assert db.session.query(Voicemail).count() == 1
    assert [task.number for task in db.session.query(MissedCall)] == ["+8613912340043"]


def after_hours(clock, listens: float, number: str = NUMBER) -> SwitchCall:
    """The queue is closed: they are asked for a message at once, and say nothing."""
    save_queue(None, default_queue().code, opens_at=time(3), closes_at=time(3, 1))
    call = SwitchCall(number)
    call.arrive()
    call.press()
    assert call.row.state is CallState.VOICEMAIL
    clock.advance(seconds=listens)
    return call


def owed() -> list[tuple[str, int]]:
    db.session.expire_all()
    return [(task.number, task.times) for task in db.session.query(MissedCall)]


def test_who_hears_after_hours_that_they_may_leave_a_message_and_leaves_none_is_owed_a_call_once(app, clock):
    call = after_hours(clock, listens=8)
    call.caller_hangs_up()
    call.send(call.event("leg.ended", leg=call.citizen, cause="normal", by="caller"))
    half_an_hour(clock)
    half_an_hour(clock)
    assert owed() == [(NUMBER, 1)]


def test_who_has_misdialled_after_hours_is_owed_none(app, clock):
    after_hours(clock, listens=3).caller_hangs_up()
    half_an_hour(clock)
    assert owed() == []


def test_who_leaves_a_message_after_hours_is_owed_nothing_beside(app, clock):
    call = after_hours(clock, listens=8)
    ready = {"url": "file:///m.wav", "seconds": 7.0, "sha256": "0" * 64, "prompt": "voicemail"}
    call.caller_hangs_up()
    call.tell("recording.ready", leg=call.citizen, **ready)
    half_an_hour(clock)
    assert owed() == []


def test_a_message_of_which_the_switch_tells_an_hour_later_takes_the_missed_call_back(app, clock):
    call = after_hours(clock, listens=8)
    call.caller_hangs_up()
    half_an_hour(clock)
    assert owed() == [(NUMBER, 1)]
    ready = {"url": "file:///m.wav", "seconds": 7.0, "sha256": "0" * 64, "prompt": "voicemail"}
    call.tell("recording.ready", leg=call.citizen, **ready)
    assert owed() == []
    call.tell("recording.ready", leg=call.citizen, **ready)
    assert db.session.query(Voicemail).count() == 1


def test_the_second_who_takes_it_is_told_who_was_first(message):
    messages.take(make_agent(name="张敏"), message.id)
    for deed in (messages.take, messages.call_back):
        with pytest.raises(Conflict, match="张敏"):
            deed(make_agent(), message.id)


def test_given_back_or_left_lying_it_is_anybodys_again(message, clock):
    first, second, third = make_agent(), make_agent(), make_agent()
    messages.take(first, message.id)
    messages.give_back(first, message.id)
    messages.take(second, message.id)
    clock.advance(minutes=31)
    assert messages.take(third, message.id).taken_by_id == third.id


def test_called_back_and_dealt_with(message):
    agent = make_agent()
    assert messages.call_back(agent, message.id).caller_number == NUMBER
    done = messages.finish(agent, message.id, "已回电", "GD2026-1")
    assert (done.state, done.done_by_id, done.case_no) == (VoicemailState.DONE, agent.id, "GD2026-1")
    with pytest.raises(Conflict):
        messages.finish(make_agent(), message.id, "again")


@pytest.mark.parametrize(
    ("note", "case_no", "field"), [(" ", "", "note"), ("x" * 201, "", "note"), ("x", "y" * 33, "case_no")]
)
def test_what_is_lacking_is_named_and_nothing_is_changed(message, note, case_no, field):
    with pytest.raises(Invalid) as refused:
        messages.finish(make_agent(), message.id, note, case_no)
    assert list(refused.value.fields) == [field]
    db.session.expire_all()
    assert db.session.query(Voicemail).one().state is VoicemailState.OPEN


def test_only_who_takes_calls_deals_with_messages(message):
    with pytest.raises(NotPermitted):
        messages.take(make_person([Role.CASE_OFFICER]), message.id)
    with pytest.raises(NotFound):
        messages.take(make_agent(), 999_999)


def test_a_message_may_be_heard_by_whoever_works_at_the_desk_and_is_audited(message):
    keeping.note_played(make_agent(), db.session.query(Recording).one())
    assert db.session.query(AuditEntry).filter_by(verb="recording:play").count() == 1


def test_the_desk_shows_masked_numbers_and_leads_through(message, sign_in):
    browser = sign_in(make_agent())
    page = browser.get("/voicemails").text
    assert "139****0042" in page
    assert NUMBER not in page
    assert "data-call-back" not in page
    browser.post(f"/voicemails/{message.id}/take")
    assert "data-call-back" in browser.get("/voicemails").text
    browser.post(f"/voicemails/{message.id}/done", data={"note": "已回电", "case_no": ""})
    assert "已回电" in browser.get("/voicemails?view=done").text
    assert browser.get(f"/voicemails/{message.id}.wav").status_code == 404
