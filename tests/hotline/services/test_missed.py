"""Who gave up waiting is called back: once, however often they rang, and at most three times."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.errors import Conflict, NotFound, NotPermitted
from config.extensions import db
from config.timers import run_due_timers
from hotline.models import CallLeg, MissedCall
from hotline.services import finish_wrap_up, missed
from hotline.words import MissedState
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent

NUMBER = "+8613912340042"


def give_up(clock, waited: int = 20, number: str = NUMBER) -> None:
    call = SwitchCall(number)
    call.arrive()
    call.press()
    clock.advance(seconds=waited)
    call.caller_hangs_up()


def half_an_hour(clock) -> None:
    clock.advance(minutes=31)
    run_due_timers()


def task() -> MissedCall:
    db.session.expire_all()
    return db.session.query(MissedCall).one()


@pytest.fixture
def owed(app, clock) -> MissedCall:
    give_up(clock)
    half_an_hour(clock)
    return task()


class Attempt:
    """An agent calls back; what the telephones do, the test says."""

    def __init__(self, agent, clock) -> None:
        self.agent, self.clock = agent, clock
        self.row = missed.call_back(agent, task().id)
        self.call = SwitchCall(NUMBER)
        self.call.key = self.row.provider_call
        self.seat = self.call.seat_leg
        self.call.tell("leg.answered", leg=self.seat)
        self.citizen = self._newest()

    def _newest(self) -> str:
        return db.session.query(CallLeg).order_by(CallLeg.id.desc()).first().key

    def in_vain(self) -> None:
        self.clock.advance(seconds=30)
        self.call.tell("leg.ended", leg=self.citizen, cause="no_answer", by="switch")
        self.call.tell("leg.ended", leg=self.seat, cause="normal", by="hotline")

    def reached(self) -> None:
        self.clock.advance(seconds=5)
        self.call.tell("leg.answered", leg=self.citizen)
        self.clock.advance(seconds=60)
        self.call.tell("leg.ended", leg=self.citizen, cause="normal", by="caller")
        self.call.tell("leg.ended", leg=self.seat, cause="normal", by="hotline")
        finish_wrap_up(self.agent)


def test_after_half_an_hour_the_caller_is_owed_a_call(owed):
    assert (owed.number, owed.times, owed.state) == (NUMBER, 1, MissedState.OPEN)


def test_who_rang_in_vain_three_times_is_called_once(app, clock):
    for _ in range(3):
        give_up(clock)
        clock.advance(minutes=2)
    half_an_hour(clock)
    assert task().times == 3


def test_a_short_wait_is_no_missed_call(app, clock):
    give_up(clock, waited=4)
    half_an_hour(clock)
    assert db.session.query(MissedCall).count() == 0


def test_who_gets_through_by_themselves_is_owed_nothing(app, clock):
    give_up(clock)
    make_agent()
    again = SwitchCall(NUMBER)
    again.arrive()
    again.press()
    again.tell("leg.answered", leg=again.seat_leg)
    half_an_hour(clock)
    assert db.session.query(MissedCall).count() == 0


def test_who_gets_through_later_settles_it(owed, clock):
    make_agent()
    again = SwitchCall(NUMBER)
    again.arrive()
    again.press()
    again.tell("leg.answered", leg=again.seat_leg)
    assert task().state is MissedState.CAME_THROUGH


def test_a_withheld_number_cannot_be_called_back(app, clock):
    give_up(clock, number="anonymous")
    half_an_hour(clock)
    assert db.session.query(MissedCall).count() == 0


def test_reached_at_the_first_attempt(owed, clock):
    Attempt(make_agent(), clock).reached()
    assert (task().state, task().attempts) == (MissedState.REACHED, 1)


def test_three_attempts_in_vain_with_pauses_between(owed, clock):
    agent = make_agent()
    for minutes in (30, 120):
        Attempt(agent, clock).in_vain()
        waits = (task().due_at - clock.at).total_seconds() / 60
        assert waits == pytest.approx(minutes, abs=1)
        assert task().state is MissedState.OPEN
    Attempt(agent, clock).in_vain()
    assert task().state is MissedState.NOT_REACHED


def test_the_second_who_presses_is_told_who_was_first(owed, clock):
    first = make_agent(name="张敏")
    missed.call_back(first, owed.id)
    with pytest.raises(Conflict, match="张敏"):
        missed.call_back(make_agent(), owed.id)
    assert task().attempts == 1


def test_what_is_settled_is_not_called_again(owed, clock):
    Attempt(make_agent(), clock).reached()
    with pytest.raises(Conflict):
        missed.call_back(make_agent(), owed.id)


def test_an_attempt_whose_end_nobody_was_told_of_is_found(owed, clock, monkeypatch):
    agent = make_agent()
    attempt = Attempt(agent, clock)
    monkeypatch.setattr(missed, "give_back", lambda call_id: None)
    attempt.in_vain()
    monkeypatch.undo()
    assert task().attempt_call_id is not None
    assert missed.sweep() == 1
    assert task().attempt_call_id is None


def test_only_who_takes_calls_calls_back(owed):
    with pytest.raises(NotPermitted):
        missed.call_back(make_person([Role.CASE_OFFICER]), owed.id)
    with pytest.raises(NotFound):
        missed.call_back(make_agent(), 999_999)


def test_the_desk_shows_masked_numbers_and_its_count(owed, sign_in):
    browser = sign_in(make_agent())
    page = browser.get("/missed-calls").text
    assert "139****0042" in page
    assert NUMBER not in page
    assert "data-call-back" in page
    assert browser.get("/missed-calls?view=settled&cursor=rubbish").status_code == 200
    answer = browser.post(f"/missed-calls/{owed.id}/call")
    assert answer.json["call"]["direction"] == "out"
    assert "data-call-back" not in browser.get("/missed-calls").text
