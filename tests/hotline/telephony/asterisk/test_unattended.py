"""The lines the dialplan keeps on callers whom nobody of ours took."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.extensions import db
from config.timers import run_due_timers
from hotline.models import Call, CallCommand, CallLeg, MissedCall
from hotline.services import receive_event
from hotline.telephony.asterisk.unattended import caller_in
from hotline.telephony.contract import EventMessage
from hotline.words import Direction, EndReason
from tests.factories.hotline import make_agent, make_call, without_welcome

CAME = 1_795_000_000
NUMBER = "+8613912340042"
LINE = f"{CAME}.42 {CAME} {CAME + 17} switch 12345 13912340042"


@pytest.fixture
def back(app, clock):
    """An agent process is back a while later."""
    clock.set(datetime.fromtimestamp(CAME + 600, UTC))
    return clock


def tell(line: str) -> None:
    caller = caller_in(line)
    assert caller is not None
    for kind, facts in caller.events:
        about = {"provider": "asterisk", "call": caller.call, "type": kind}
        receive_event(EventMessage.model_validate({**about, **facts}))


def test_a_line_says_who_called_whom_and_when():
    caller = caller_in(LINE)
    assert caller is not None
    assert (caller.number, caller.dialled, caller.by) == ("13912340042", "12345", "switch")
    assert caller.came_at == datetime.fromtimestamp(CAME, UTC)
    assert (caller.ended_at - caller.came_at).total_seconds() == 17


def test_who_withheld_the_number_is_a_caller_too():
    caller = caller_in(LINE.removesuffix("13912340042"))
    assert caller is not None
    assert caller.number == "anonymous"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "17950",
        f"{LINE} more",
        LINE.replace("switch", "nobody"),
        LINE.replace(f" {CAME} ", " now "),
        LINE.replace(f" {CAME} ", f" {'9' * 30} "),
        LINE.removeprefix(f"{CAME}.42"),
    ],
)
def test_what_is_no_line_of_ours_is_nobody(line):
    assert caller_in(line) is None


def test_told_twice_it_is_one_call_that_failed_when_it_did(back):
    tell(LINE)
    tell(LINE)
    call = db.session.query(Call).one()
    assert (call.direction, call.end_reason, call.dialled) == (Direction.IN, EndReason.FAILED, "12345")
    assert call.caller_number == NUMBER
    assert (call.ended_at - call.arrived_at).total_seconds() == 17


def test_no_agent_is_disturbed_for_who_is_gone(back):
    without_welcome()
    make_agent()
    tell(LINE)
    assert db.session.query(CallLeg).filter(CallLeg.agent_id.is_not(None)).count() == 0
    assert db.session.query(CallCommand).count() == 0


def test_they_are_owed_a_call(back):
    tell(LINE)
    back.advance(minutes=31)
    run_due_timers()
    missed = db.session.query(MissedCall).one()
    assert (missed.number, missed.times) == (NUMBER, 1)


ANSWERED = LINE.replace(f"{CAME + 17} switch", f"{CAME + 30} answered")


@pytest.mark.parametrize("lines", [(LINE, ANSWERED), (ANSWERED, LINE), (LINE, ANSWERED, LINE, ANSWERED)])
def test_whom_somebody_at_the_fallback_number_took_is_counted_and_owed_nothing(back, lines):
    for line in lines:
        tell(line)
    back.advance(minutes=31)
    run_due_timers()
    call = db.session.query(Call).one()
    assert (call.end_reason, (call.ended_at - call.arrived_at).total_seconds()) == (EndReason.FAILED, 17)
    assert db.session.query(MissedCall).count() == 0


def test_who_talks_there_for_an_hour_is_not_called_afterwards_either(back):
    tell(LINE)
    back.advance(minutes=31)
    run_due_timers()
    assert db.session.query(MissedCall).count() == 1
    tell(ANSWERED)
    assert db.session.query(MissedCall).count() == 0


def test_who_gave_up_within_seconds_is_not(back):
    tell(LINE.replace(f"{CAME + 17} switch", f"{CAME + 4} caller"))
    back.advance(minutes=31)
    run_due_timers()
    assert db.session.query(Call).one().end_reason is EndReason.FAILED
    assert db.session.query(MissedCall).count() == 0


def test_who_got_through_meanwhile_is_not_either(back):
    tell(LINE)
    make_call(number=NUMBER)
    back.advance(minutes=31)
    run_due_timers()
    assert db.session.query(MissedCall).count() == 0
