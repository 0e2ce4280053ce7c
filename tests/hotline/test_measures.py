"""What calls and switches add to `/metrics`: counts and ages, and nobody's name or number."""

from __future__ import annotations

from datetime import timedelta

from config.extensions import db
from hotline import measures
from hotline.models import CallCommand, CallEvent, Recording
from hotline.services.keeping import MOST_FAILURES
from tests.factories.hotline import SwitchCall, make_agent, without_welcome


def told(measure) -> dict:
    return {(one.name, *one.labels.values()): one.value for one in measure()}


def test_who_waits_and_who_talks_is_counted_by_state_and_queue(clock):
    without_welcome()
    waiting = SwitchCall()
    waiting.arrive()
    clock.advance(seconds=40)
    found = told(measures.calls)
    assert found["calls_live", "queued"] == 1
    assert found["calls_last_arrived_seconds",] == 40
    [(_name, queue)] = [key for key in found if key[0] == "queue_waiting" and found[key]]
    assert found["queue_longest_wait_seconds", queue] == 40
    make_agent()
    found = told(measures.calls)
    assert found["agents", "reserved"] + found["agents", "idle"] == 1


def test_an_event_that_came_late_and_a_command_nobody_took_tell_of_a_switch_out_of_reach(clock):
    call = SwitchCall()
    call.arrive()
    event = db.session.query(CallEvent).order_by(CallEvent.id.desc()).first()
    event.received_at = event.at + timedelta(seconds=7)
    db.session.add(
        CallCommand(
            key="k",
            provider=call.provider,
            call_id=event.call_id,
            type="hold",
            args={},
            issued_at=clock.at,
            pushes=1,
        )
    )
    db.session.commit()
    clock.advance(seconds=20)
    found = told(measures.switches)
    assert found["event_delay_seconds", "0.95"] == 7
    assert found["events_last_seconds",] == 13
    assert (found["commands_waiting",], found["commands_oldest_seconds",]) == (1, 20)


def test_a_recording_that_stays_at_the_switch_grows_old_and_one_given_up_is_told(clock):
    call = SwitchCall()
    call.arrive()
    call_id = db.session.query(CallEvent.call_id).first()[0]
    for url, failures in (("file:a", 0), ("file:b", MOST_FAILURES)):
        db.session.add(Recording(call_id=call_id, ready_at=clock.at, url=url, seconds=3, failures=failures))
    db.session.commit()
    clock.advance(minutes=10)
    found = told(measures.recordings)
    assert found == {
        ("recordings_to_fetch",): 1,
        ("recordings_oldest_seconds",): 600,
        ("recordings_given_up",): 1,
    }
