"""Commands in mid-call: in the database first, in the stream after it, and again until acknowledged."""

from __future__ import annotations

import json
from datetime import timedelta

from redis.exceptions import ConnectionError as RedisGone

from config import clock
from config.extensions import db, redis_client
from config.timers import Timer, run_due_timers
from hotline import services
from hotline.models import CallCommand
from hotline.services.orders import acknowledge
from tests.factories.hotline import SwitchCall, make_agent

STREAM = "telephony:commands:simulator"


def in_talk():
    agent, call = make_agent(), SwitchCall()
    call.arrive()
    call.press()
    call.tell("leg.answered", leg=call.seat_leg)
    return agent, call


def pushed():
    return [json.loads(fields[b"command"]) for _id, fields in redis_client().xrange(STREAM)]


def again():
    """What the clock process does two seconds later."""
    return run_due_timers(until=clock.now() + timedelta(seconds=3))


def test_a_pressed_button_reaches_the_stream_with_our_id(app):
    agent, call = in_talk()
    services.hold_call(agent, call.row)
    (sent,) = pushed()
    kept = db.session.query(CallCommand).filter_by(event_id=None).one()
    assert sent == {"id": kept.key, "call": call.key, "type": "hold", "leg": call.citizen}


def test_what_is_not_acknowledged_is_pushed_again_and_what_is_is_not(app):
    agent, call = in_talk()
    services.hold_call(agent, call.row)
    again()
    first, second = pushed()
    assert first == second
    assert acknowledge({"simulator"}, [first["id"]]) == 1
    assert acknowledge({"simulator"}, [first["id"], "never-heard-of"]) == 0
    db.session.query(Timer).update({"due_at": clock.now()})
    db.session.commit()
    again()
    assert len(pushed()) == 2


def test_another_provider_cannot_acknowledge_it(app):
    agent, call = in_talk()
    services.hold_call(agent, call.row)
    assert acknowledge({"asterisk"}, [pushed()[0]["id"]]) == 0


def test_with_redis_away_nothing_is_lost(app, monkeypatch):
    agent, call = in_talk()

    def gone(*_args, **_more):
        raise RedisGone("refused")

    with monkeypatch.context() as without:
        without.setattr("redis.client.Pipeline.execute", gone)
        services.hold_call(agent, call.row)
    assert pushed() == []
    again()
    (sent,) = pushed()
    assert sent["type"] == "hold"


def test_commands_of_an_answer_are_not_pushed_as_well(app):
    in_talk()
    assert pushed() == []
    assert db.session.query(CallCommand).filter(CallCommand.event_id.is_(None)).count() == 0
