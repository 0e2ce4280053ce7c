"""The database itself refuses what cannot be, whoever writes."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from config.extensions import db
from tests.factories.hotline import SwitchCall, make_agent, make_call

REFUSED = {
    "an end without a reason": "UPDATE call SET end_reason = NULL WHERE id = :call",
    "a reason without an end": "UPDATE call SET ended_at = NULL WHERE id = :call",
    "an ended call that lives": "UPDATE call SET state = 'talking' WHERE id = :call",
    "an answer by nobody": "UPDATE call SET agent_id = NULL WHERE id = :call",
    "a wait in no queue": "UPDATE call SET queue_id = NULL WHERE id = :call",
    "a state nobody knows": "UPDATE call SET state = 'flying' WHERE id = :call",
    "a leg of nobody": "UPDATE call_leg SET agent_id = NULL WHERE role = 'agent'",
    "a cause without an end": "UPDATE call_leg SET ended_at = NULL",
    "a wait that was left without a word": "UPDATE queue_entry SET exit = NULL",
    "an offer to who is gone": "UPDATE queue_entry SET offered = true",
    "an agent in a call without a leg": "UPDATE agent_presence SET state = 'talking'",
    "a break without a reason": "UPDATE agent_presence SET state = 'not_ready'",
    "a reason to be idle": "UPDATE agent_presence SET reason = 'meal'",
    "signed out at a seat": "UPDATE agent_presence SET state = 'signed_out'",
    "a wrap-up without an end": "UPDATE agent_presence SET state = 'wrap_up'",
    "time running backwards": "UPDATE agent_state_change SET until_at = from_at - interval '1 second'",
    "two open stretches of one day": "UPDATE agent_state_change SET until_at = NULL",
    "a recording that is ready nowhere": "INSERT INTO recording (call_id, ready_at, url, sha256)"
    " VALUES (:call, now(), '', '')",
    "a second default queue": "INSERT INTO call_queue (code, name, skill_id, is_default, music,"
    " ring_timeout, wrap_up_seconds, priority, active)"
    " SELECT 'x', name, skill_id, true, music, 15, 30, 0, true FROM call_queue",
    "an event twice": "INSERT INTO call_event (provider, event_id, call_id, type, seq, at, received_at, body)"
    " SELECT provider, event_id, call_id, type, seq, at, received_at, body FROM call_event LIMIT 1",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses(app, clock, statement):
    call = make_call()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(statement), {"call": call.id})


def test_the_database_refuses_a_second_live_call_of_an_agent(app, clock):
    agent = make_agent()
    first, second = SwitchCall("+8613900000001"), SwitchCall("+8613900000002")
    for call in (first, second):
        call.arrive()
        call.press()
    sneak = text(
        "INSERT INTO call_leg (call_id, key, role, agent_id, held_at, resumed_at, hold_wanted, end_cause, end_by)"
        " VALUES (:call, 'sneaked in', 'agent', :agent, '{}', '{}', false, '', '')"
    )
    with pytest.raises(IntegrityError, match="uq_call_leg_agent_live"), db.session.begin_nested():
        db.session.execute(sneak, {"call": second.row.id, "agent": agent.id})


def test_the_database_refuses_two_agents_at_one_seat(app, clock):
    one, other = make_agent(), make_agent()
    steal = text(
        "UPDATE agent_presence SET seat_id = (SELECT seat_id FROM agent_presence WHERE agent_id = :one)"
        " WHERE agent_id = :other"
    )
    with pytest.raises(IntegrityError, match="uq_agent_presence_seat"), db.session.begin_nested():
        db.session.execute(steal, {"one": one.id, "other": other.id})
