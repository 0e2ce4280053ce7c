"""What a deed changes is written in one statement, and stands in the database as if written row by row."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from config.errors import Refused
from config.extensions import db
from config.ids import new_id
from config.timers import Timer, cancel_timer, set_timer
from config.together import together
from config.transaction import transaction, transactional
from hotline.engine.snapshot import blank_call, blank_leg
from hotline.models import AgentPresence, Call, CallLeg, CallQueue, QueueEntry
from hotline.services.queues import default_queue
from hotline.words import AgentState, LegPhase, LegRole
from tests.factories.hotline import make_agent, make_queue

MIDDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def call(app):
    row = blank_call("simulator", "together-1", "261126-120000-TOGET", MIDDAY)
    db.session.add(row)
    db.session.commit()
    return row


@contextmanager
def statements():
    """What goes to the database in the block, but for where a transaction begins and ends."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def stored(model, number):
    """The row's columns as the database has them."""
    db.session.expire_all()
    return dict(db.session.execute(select(*model.__table__.columns).where(model.id == number)).one()._mapping)


def read_anew(*things):
    for thing in things:
        db.session.refresh(thing)


def leg_of(call, key="together-1.1"):
    leg = blank_leg(key)
    leg.call_id = call.id
    db.session.add(leg)
    return leg


def timers():
    return db.session.execute(select(Timer.key, Timer.payload).where(Timer.kind == "deed")).all()


def test_rows_of_five_tables_go_in_one_statement(call):
    agent = make_agent()
    presence = db.session.scalars(select(AgentPresence).where(AgentPresence.agent_id == agent.id)).one()
    queue = default_queue()
    read_anew(call, presence, queue)
    with statements() as sent, transaction(), db.session.no_autoflush, together():
        leg = leg_of(call)
        leg.role, leg.agent_id, leg.held_at = LegRole.AGENT, agent.id, [MIDDAY]
        entry = QueueEntry(call_id=call.id, queue=queue, joined_at=MIDDAY, waiting_since=MIDDAY)
        db.session.add(entry)
        call.asked_at = MIDDAY
        presence.state, presence.leg, presence.call_id = AgentState.RESERVED, leg, call.id
        set_timer("deed", "ring", MIDDAY, seconds=15)
    assert len(sent) == 1
    assert stored(CallLeg, leg.id)["held_at"] == [MIDDAY]
    assert stored(CallLeg, leg.id)["end_cause"] == ""
    assert stored(QueueEntry, entry.id)["queue_id"] == queue.id
    assert stored(QueueEntry, entry.id)["offered"] is False
    assert stored(Call, call.id)["asked_at"] == MIDDAY
    assert stored(AgentPresence, presence.id)["leg_id"] == leg.id
    assert timers() == [("ring", {"seconds": 15})]


def test_what_was_written_is_known_to_be_written(call):
    with transaction():
        with together():
            leg = leg_of(call)
            call.asked_at = MIDDAY
        assert not db.session.dirty
        assert not db.session.new
        with statements() as sent:
            assert (leg.number, leg.call_id, call.asked_at) == (None, call.id, MIDDAY)
        assert sent == [], "nothing is read back"
        leg.seat = "8001"
    assert stored(CallLeg, leg.id)["seat"] == "8001"


def test_a_block_in_which_nothing_changes_asks_nothing(call):
    read_anew(call)
    with statements() as sent, transaction(), together():
        call.asked_key = str(call.asked_key)
    assert sent == []


def test_of_two_changes_of_one_thing_the_later_holds(app):
    with transaction(), together():
        set_timer("deed", "moved", MIDDAY, turn=1)
        set_timer("deed", "moved", MIDDAY, turn=2)
        set_timer("deed", "cancelled", MIDDAY)
        cancel_timer("deed", "cancelled")
        cancel_timer("deed", "set")
        set_timer("deed", "set", MIDDAY)
    assert sorted(timers()) == [("moved", {"turn": 2}), ("set", {})]


def test_a_block_within_a_block_waits_for_the_outer_ones_end(call):
    with transaction(), statements() as sent, together():
        with together():
            set_timer("deed", "inner", MIDDAY)
        assert sent == []
    assert timers() == [("inner", {})]


def test_outside_of_a_block_a_change_is_made_at_once_and_after_the_rows_before_it(call):
    with transaction():
        call.asked_at = MIDDAY
        set_timer("deed", "at once", MIDDAY)
        assert db.session.scalar(select(Call.asked_at).where(Call.id == call.id)) == MIDDAY
        assert timers() == [("at once", {})]


def test_a_block_that_fails_leaves_nothing(call):
    @transactional
    def deed():
        with together():
            set_timer("deed", "never", MIDDAY)
            call.asked_at = MIDDAY
            raise Refused("no")

    with pytest.raises(Refused):
        deed()
    assert timers() == []
    assert stored(Call, call.id)["asked_at"] is None
    set_timer("deed", "afterwards", MIDDAY)
    assert timers() == [("afterwards", {})]


def test_a_row_that_may_not_be_is_refused_as_ever(call):
    @transactional
    def deed():
        with together():
            leg_of(call)
            leg_of(call)

    with pytest.raises(IntegrityError):
        deed()
    assert db.session.scalars(select(CallLeg).where(CallLeg.call_id == call.id)).all() == []


def test_rows_that_name_rows_of_their_own_table_are_written_by_the_session(call):
    first, second = make_queue("first"), make_queue("second")
    with transaction(), together():
        first.next_queue = second
        call.asked_at = MIDDAY
        set_timer("deed", "beside", MIDDAY)
    assert stored(CallQueue, first.id)["next_queue_id"] == second.id
    assert stored(Call, call.id)["asked_at"] == MIDDAY
    assert timers() == [("beside", {})]


def test_a_row_that_is_deleted_goes(call):
    with transaction():
        leg = leg_of(call)
    with transaction(), together():
        db.session.delete(leg)
        call.asked_at = MIDDAY
    assert db.session.get(CallLeg, leg.id) is None
    assert stored(Call, call.id)["asked_at"] == MIDDAY


MOMENTS = st.none() | st.integers(0, 600).map(lambda seconds: MIDDAY + timedelta(seconds=seconds))
LEGS = st.fixed_dictionaries(
    {},
    optional={
        "role": st.none() | st.sampled_from(LegRole),
        "phase": st.none() | st.sampled_from(LegPhase),
        "number": st.none() | st.sampled_from(["+8613912340042", "110"]),
        "rung_at": MOMENTS,
        "answered_at": MOMENTS,
        "held_at": st.lists(MOMENTS.filter(bool), max_size=3),
        "hold_wanted": st.booleans(),
        "seat": st.none() | st.sampled_from(["", "8001", "吵 '\"\\ %s"]),
    },
)
CALLS = st.fixed_dictionaries(
    {},
    optional={
        "asked_at": MOMENTS,
        "flow_position": st.none()
        | st.dictionaries(st.sampled_from("abc"), st.integers() | st.none(), max_size=2),
        "caller_number": st.none() | st.just("+8613912340042"),
        "priority": st.integers(-5, 5),
        "talk_seconds": st.none() | st.floats(0, 1e6),
    },
)


@given(made=LEGS, then=LEGS, of_call=CALLS)
def test_together_and_one_by_one_leave_the_same(call, made, then, of_call):
    written = []
    for block in (db.session.begin_nested, together):
        with transaction():
            row = blank_call("simulator", f"same-{new_id()[-12:]}", f"same-{new_id()[-12:]}", MIDDAY)
            db.session.add(row)
            db.session.flush()
            with block():
                leg = leg_of(row)
                for name, value in made.items():
                    setattr(leg, name, value)
            with block():
                for thing, values in ((leg, then), (row, of_call)):
                    for name, value in values.items():
                        setattr(thing, name, value)
            kept = {**stored(Call, row.id), **stored(CallLeg, leg.id)}
            written.append(
                {k: v for k, v in kept.items() if k not in ("id", "call_id", "call_no", "provider_call")}
            )
            db.session.delete(db.session.get(CallLeg, leg.id))
            db.session.delete(db.session.get(Call, row.id))
    assert written[0] == written[1]
