"""Who gave up waiting is called back: once, however often they rang, and at most three times."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry, Person
from accounts.roles import Role
from config import clock as city_clock
from config.errors import Conflict, Invalid, NotFound, NotPermitted
from config.extensions import db
from hotline.models import AgentPresence, Call, CallLeg, KeptPlace, MissedCall
from hotline.services import become_not_ready, finish_wrap_up, missed
from hotline.words import KeptPlaceState, MissedReason, MissedState, NotReadyReason
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent
from tests.hotline.services.scenes import half_an_hour
from tests.hotline.services.test_at_once import at_once

NUMBER = "+8613912340042"


def give_up(clock, waited: int = 20, number: str = NUMBER) -> None:
    call = SwitchCall(number)
    call.arrive()
    call.press()
    clock.advance(seconds=waited)
    call.caller_hangs_up()


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


@pytest.mark.parametrize(("cause", "by"), [("congestion", "switch"), ("normal", "hotline")])
def test_a_call_that_never_rang_at_the_citizens_is_no_attempt(owed, clock, cause, by):
    agent = make_agent()
    attempt = Attempt(agent, clock)
    clock.advance(seconds=2)
    if by == "hotline":
        attempt.call.tell("leg.ended", leg=attempt.seat, cause="normal", by="agent")
    attempt.call.tell("leg.ended", leg=attempt.citizen, cause=cause, by=by)
    attempt.call.tell("leg.ended", leg=attempt.seat, cause="normal", by="hotline")
    assert (task().state, task().attempts, task().attempt_call_id) == (MissedState.OPEN, 0, None)
    assert (task().due_at - clock.at).total_seconds() <= 60


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


def several(clock, count: int) -> list[int]:
    for n in range(count):
        give_up(clock, number=f"+861391234{n:04d}")
    half_an_hour(clock)
    return [row.id for row in db.session.query(MissedCall).order_by(MissedCall.id)]


def test_several_are_closed_in_one_deed_with_a_reason_and_by_whom(app, clock):
    first, second, third = several(clock, 3)
    agent = make_agent()
    closed = missed.close_without_call(agent, [first, second], MissedReason.NO_CONCERN, "  误拨 ")
    assert closed == missed.Closed(2, 0)
    rows = {row.id: row for row in db.session.query(MissedCall)}
    assert rows[first].state is rows[second].state is MissedState.CLOSED
    assert (rows[first].reason, rows[first].note, rows[first].closed_by_id) == (
        MissedReason.NO_CONCERN, "误拨", agent.id,
    )  # fmt: skip
    assert rows[third].state is MissedState.OPEN
    assert (first in noted()[0]["missed_calls"], noted()[0]["reason"]) == (True, "no_concern")


def noted() -> list[dict]:
    return [row.detail for row in db.session.query(AuditEntry).filter_by(verb="missed:close")]


def test_what_was_settled_meanwhile_or_is_being_called_is_left_alone(app, clock):
    first, second, third = several(clock, 3)
    missed.close_without_call(make_agent(), [first], MissedReason.SPOKEN)
    missed.call_back(make_agent(), second)
    assert missed.close_without_call(
        make_agent(), [first, second, third], MissedReason.SPOKEN
    ) == missed.Closed(1, 2)
    states = [row.state for row in db.session.query(MissedCall).order_by(MissedCall.id)]
    assert states == [MissedState.CLOSED, MissedState.OPEN, MissedState.CLOSED]


def test_of_two_who_close_the_same_at_once_each_is_counted_once(committed):
    now = city_clock.now()
    rows = [
        MissedCall(
            number=f"+861391234{n:04d}", number_index=f"{n}", times=1, first_missed_at=now, last_missed_at=now,
            due_at=now, attempts=0, state=MissedState.OPEN,
        )
        for n in range(30)
    ]  # fmt: skip
    db.session.add_all(rows)
    people = [make_agent() for _ in range(4)]
    db.session.commit()
    ids = [row.id for row in rows]
    presses = [
        lambda person=person.id, mine=ids[::step]: missed.close_without_call(
            db.session.get(Person, person), mine, MissedReason.SPOKEN
        )
        for person, step in zip(people, (1, -1, 1, -1), strict=True)
    ]
    done = at_once(committed, presses)
    assert sum(one.calls for one in done) == 30
    assert sum(one.others for one in done) == 90


def test_a_number_is_settled_with_everything_that_is_owed_to_it(owed, clock):
    agent = make_agent()
    become_not_ready(agent, NotReadyReason.BREAK)
    call = SwitchCall("+8613912340099")
    call.arrive()
    call.press()
    clock.advance(seconds=60)
    call.tell("digits", leg=call.citizen, value="1", prompt="callback_offer")
    call.tell("leg.ended", leg=call.citizen, cause="normal", by="caller")
    kept = db.session.query(KeptPlace).one()
    stands_in = db.session.get(Call, kept.attempt_call_id)
    assert missed.close_without_call(agent, [], MissedReason.SPOKEN, caller="13912340099") == missed.Closed(
        1, 0
    )
    db.session.expire_all()
    assert kept.state is KeptPlaceState.CLOSED
    assert stands_in.ended_at is not None, "nobody is rung for it any more"
    assert task().state is MissedState.OPEN, "somebody else's"
    assert missed.close_without_call(agent, [], MissedReason.SPOKEN, caller="139 1234 0042") == missed.Closed(
        1, 0
    )
    assert task().state is MissedState.CLOSED
    with pytest.raises(NotFound):
        missed.close_without_call(agent, [], MissedReason.SPOKEN, caller="13912340042")


def test_nothing_chosen_or_no_reason_given_closes_nothing(owed):
    agent = make_agent()
    with pytest.raises(Invalid):
        missed.close_without_call(agent, [], MissedReason.SPOKEN)
    with pytest.raises(Invalid):
        missed.close_without_call(agent, [owed.id], MissedReason.OTHER, "  ")
    with pytest.raises(NotPermitted):
        missed.close_without_call(make_person([Role.CASE_OFFICER]), [owed.id], MissedReason.SPOKEN)
    assert task().state is MissedState.OPEN


def test_who_rings_in_vain_again_after_that_is_owed_a_call_anew(owed, clock):
    missed.close_without_call(make_agent(), [owed.id], MissedReason.SPOKEN)
    become_not_ready(db.session.query(AgentPresence).one().agent, NotReadyReason.BREAK)
    give_up(clock)
    half_an_hour(clock)
    assert [row.state for row in db.session.query(MissedCall).order_by(MissedCall.id)] == [
        MissedState.CLOSED, MissedState.OPEN,
    ]  # fmt: skip


def test_on_the_desk_those_chosen_are_closed_and_what_was_typed_wrong_is_said(owed, sign_in):
    browser = sign_in(make_agent())
    assert f'value="{owed.id}" form="close-missed"' in browser.get("/missed-calls").text
    refused = browser.post("/missed-calls/close", data={"one": owed.id, "reason": "other"})
    assert refused.status_code == 422
    assert "checked" in refused.text, "what was chosen stays chosen"
    said = browser.post(
        "/missed-calls/close", data={"one": owed.id, "reason": "spoken"}, follow_redirects=True
    ).text
    assert "1 missed call closed" in said or "已关闭" in said
    assert task().state is MissedState.CLOSED
    settled = browser.get("/missed-calls?view=settled").text
    assert "之后已与市民通话" in settled or "Has been spoken to since" in settled
