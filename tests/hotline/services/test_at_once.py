"""Many at once, over real connections: nobody gets two calls, no event counts twice, nobody is overlooked."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import select, text

from config import clock
from config.errors import Refused
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence, Call, CallEvent, CallLeg, QueueEntry
from hotline.services.queues import default_queue
from hotline.services.turn import lock_call
from hotline.telephony.contract import EventMessage
from hotline.words import AgentState, CallState, NotReadyReason
from tests.factories.hotline import SwitchCall, make_agent, without_welcome
from tests.hotline.telephony.suite.stage import until

SOMEBODY_WAITS_FOR_A_LOCK = text(
    "SELECT count(*) FROM pg_locks AS waits JOIN pg_locks AS has USING (pid) JOIN pg_database ON oid = has.database "
    "WHERE NOT waits.granted AND datname = current_database()"
)


def at_once(app, deeds):
    """Run the deeds in as many threads, let go in the same moment; their results."""
    barrier = threading.Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            try:
                barrier.wait(timeout=30)
                return deed()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def calls_in(state):
    db.session.expire_all()
    return db.session.query(Call).filter(Call.state == state).count()


def straight(agents):
    """So many agents, callers going straight to them."""
    people = [make_agent() for _ in range(agents)]
    without_welcome()
    db.session.commit()
    return people


def test_fifty_callers_and_twenty_agents_make_twenty_pairs(committed):
    straight(20)
    calls = [SwitchCall(f"+86139000{n:05d}") for n in range(50)]
    at_once(committed, [call.arrive for call in calls])
    rung = Counter(leg.agent_id for leg in db.session.query(CallLeg).filter(CallLeg.agent_id.is_not(None)))
    assert len(rung) == 20
    assert set(rung.values()) == {1}
    assert (calls_in(CallState.RINGING), calls_in(CallState.QUEUED)) == (20, 30)
    assert db.session.query(AgentPresence).filter_by(state=AgentState.RESERVED).count() == 20


def test_of_twenty_callers_at_once_as_many_wait_as_the_queue_has_places(committed):
    straight(0)
    default_queue().most_waiting = 5
    db.session.commit()
    at_once(committed, [SwitchCall(f"+86139000{n:05d}").arrive for n in range(20)])
    waiting = db.session.query(QueueEntry).filter(QueueEntry.left_at.is_(None)).count()
    turned_away = db.session.query(Call).filter(Call.farewell_at.is_not(None)).count()
    assert (waiting, turned_away) == (5, 15)


def test_two_calls_and_one_agent_ring_once(committed):
    (agent,) = straight(1)
    for turn in range(5):
        pair = [SwitchCall(f"+8613900000{turn}0{n}") for n in range(2)]
        at_once(committed, [call.arrive for call in pair])
        assert (calls_in(CallState.RINGING), calls_in(CallState.QUEUED)) == (1, 1)
        for call in pair:
            call.caller_hangs_up()
        for leg in db.session.query(CallLeg).filter_by(agent_id=agent.id, ended_at=None).all():
            ringing = next(c for c in pair if c.row.id == leg.call_id)
            ringing.tell("leg.ended", leg=leg.key, cause="normal", by="hotline")
        # Freed by the first caller's going, the agent may already ring for the second: then that one is let go too.
        db.session.expire_all()
        assert db.session.query(AgentPresence).one().state is AgentState.IDLE


def test_one_event_sent_by_ten_workers_at_once_is_one_event_with_one_answer(committed):
    straight(3)
    call = SwitchCall()
    event = call.event("call.incoming", leg=call.citizen, to="12345", **{"from": call.number})
    answers = at_once(committed, [lambda: services.receive_event(event)] * 10)
    assert len({tuple(command.id for command in answer) for answer in answers}) == 1
    assert db.session.query(CallEvent).count() == 1
    assert db.session.query(CallLeg).filter(CallLeg.agent_id.is_not(None)).count() == 1


def test_all_events_of_a_call_at_once_make_one_call(committed):
    straight(1)
    call = SwitchCall()
    events = [
        call.event("call.incoming", leg=call.citizen, to="12345", **{"from": call.number}),
        call.event("leg.answered", leg=call.citizen),
        call.event("digits", leg=call.citizen, value="1"),
        call.event("leg.ended", leg=call.citizen, cause="normal", by="caller"),
    ]
    at_once(committed, [lambda event=event: services.receive_event(event) for event in events])
    assert call.row.state is CallState.ENDED
    assert db.session.query(CallEvent).count() == 4


def test_an_agent_who_goes_idle_and_a_call_that_queues_never_miss_each_other(committed):
    (agent,) = straight(1)
    for turn in range(12):
        services.become_not_ready(agent, NotReadyReason.BREAK)
        call = SwitchCall(f"+8613900001{turn:03d}")
        at_once(committed, [call.arrive, lambda: services.become_idle(db.session.merge(agent, load=True))])
        assert call.row.state is CallState.RINGING, f"round {turn}: both waited for the other"
        call.caller_hangs_up()
        call.tell("leg.ended", leg=call.seat_leg, cause="normal", by="hotline")


def test_hanging_up_while_the_caller_does_too_ends_one_call_once(committed):
    (agent,) = straight(1)
    call = SwitchCall()
    call.arrive()
    call.tell("leg.answered", leg=call.seat_leg)
    row, leg = call.row, call.seat_leg
    db.session.commit()
    at_once(
        committed,
        [
            lambda: _quietly(services.hang_up, db.session.merge(agent), db.session.merge(row)),
            call.caller_hangs_up,
            lambda: call.tell("leg.ended", leg=leg, cause="normal", by="agent"),
        ],
    )
    assert call.row.state is CallState.ENDED
    assert db.session.query(AgentPresence).one().state is AgentState.WRAP_UP


def test_another_telephone_at_the_seat_of_who_talks_keeps_nobody_waiting_for_each_other(committed):
    """A call's event locks the call and then its agent; news of a seat that did so the other way round would end it."""
    straight(1)
    presence = db.session.query(AgentPresence).one()
    presence.browser, presence.seat.in_browser, presence.seat.contact = "mine", True, "mine@10.0.0.1:5060"
    db.session.commit()
    call = SwitchCall()
    call.arrive()
    call.tell("leg.answered", leg=call.seat_leg)
    seat = presence.seat.number
    facts = {
        "id": "another",
        "at": clock.now(),
        "provider": call.provider,
        "type": "seat.online",
        "seat": seat,
    }
    news = EventMessage.model_validate({**facts, "contact": "other@10.0.0.2:5060"})
    lock_call(call.row.id)
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(at_once, committed, [lambda: services.receive_event(news)])
        until(lambda: db.session.scalar(SOMEBODY_WAITS_FOR_A_LOCK))
        db.session.execute(select(AgentPresence.id).with_for_update(nowait=True)).all()
        db.session.rollback()
        told.result(timeout=30)
    db.session.expire_all()
    assert db.session.query(AgentPresence).one().next_reason == NotReadyReason.NO_TELEPHONE


def _quietly(deed, *args):
    """Too late is an answer as good as any."""
    try:
        deed(*args)
    except Refused:
        db.session.rollback()


def test_records_told_in_any_order_by_many_at_once_are_kept_once_each(committed):
    """Two that lock the same calls in another order must not end each other."""
    calls = [SwitchCall(f"+86139000{n:05d}") for n in range(12)]
    for call in calls:
        call.arrive()
    db.session.commit()
    records = [call.event("bridge.joined", leg=call.citizen) for call in calls for _ in range(4)]

    def shuffled(seed):
        told = list(records)
        Random(seed).shuffle(told)
        return lambda: services.receive_events(told)

    at_once(committed, [shuffled(seed) for seed in range(8)])
    assert db.session.query(CallEvent).filter_by(type="bridge.joined").count() == len(records)
