"""The switches' door: what is let in, and what is not."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from config import clock
from config.extensions import db, socketio
from config.settings import settings
from hotline.models import Call, CallEvent, Recording
from hotline.telephony.signature import HEADER, sign
from tests.factories.hotline import SwitchCall


def post(client, body, *, secret=None, off=0, header=None, path="/telephony/events", buffered=True):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = (
        header
        if header is not None
        else sign(secret or settings().telephony_secret, raw, int(time.time()) + off)
    )
    headers = {HEADER: signature, "Content-Type": "application/json"}
    return client.post(path, data=raw, headers=headers, buffered=buffered)


def incoming(**changes):
    event = {
        "id": "e-1",
        "at": clock.now().isoformat(),
        "seq": 1,
        "provider": "simulator",
        "call": "c-1",
        "leg": "c-1-c",
        "type": "call.incoming",
        "from": "+8613912340042",
        "to": "12345",
    }
    return {name: value for name, value in {**event, **changes}.items() if value is not None}


def stored():
    return db.session.query(CallEvent).count(), db.session.query(Call).count()


def test_a_signed_event_is_answered_with_commands(client):
    answer = post(client, incoming())
    assert answer.status_code == 200
    assert [command["type"] for command in answer.json["commands"]] == ["answer", "gather"]


def test_the_switch_has_its_commands_before_any_page_hears_of_the_call(client, monkeypatch):
    heard = []
    monkeypatch.setattr(socketio, "emit", lambda event, *_args, **_kwargs: heard.append(event))
    answer = post(client, incoming(), buffered=False)
    assert answer.json["commands"]
    assert heard == []
    answer.close()
    assert "call" in heard


def test_the_same_event_again_gets_the_stored_answer_whatever_its_body_says(client):
    first = post(client, incoming())
    second = post(client, incoming(**{"from": "+8613900000001"}))
    assert second.json == first.json
    assert stored() == (1, 1)


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("unsigned", {"header": ""}),
        ("rubbish for a signature", {"header": "t=1,v1=zz"}),
        ("signed with another secret", {"secret": "not ours"}),
        ("signed five minutes ago", {"off": -301}),
        ("signed for the future", {"off": 310}),
    ],
)
def test_what_does_not_prove_where_it_comes_from_is_refused_and_leaves_no_trace(client, what, how):
    answer = post(client, incoming(), **how)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert stored() == (0, 0)


def test_an_altered_body_is_refused(client):
    raw = json.dumps(incoming()).encode()
    answer = post(client, raw.replace(b"0042", b"0043"), header=sign(settings().telephony_secret, raw))
    assert answer.status_code == 401
    assert stored() == (0, 0)


def test_malformed_rubbish_without_a_signature_is_unauthorised_not_malformed(client):
    assert post(client, b"{", header="").status_code == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "leg.exploded"}, "type"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-23T02:00:00"}, "at"),
        ({"id": ""}, "id"),
        ({"id": "with space"}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"seq": -1}, "seq"),
        ({"from": "DROP TABLE"}, "from"),
        ({"leg": None}, "leg"),
        ({"call": None}, "call"),
        ({"type": "leg.ended"}, "cause"),
        ({"provider": "nobody"}, "provider"),
        ({"type": "recording.ready", "url": "x", "seconds": 1, "sha256": "no"}, "sha256"),
    ],
)
def test_a_malformed_event_is_told_which_field(client, changes, field):
    answer = post(client, incoming(**changes))
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert field in answer.json["errors"]
    assert stored() == (0, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_what_is_no_object_is_malformed(client, body):
    answer = post(client, body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_body_as_large_as_a_film_is_not_read(client):
    assert post(client, b" " * 70_000).status_code == 413


def test_the_whole_number_is_nowhere_in_the_clear(client):
    post(client, incoming())
    everything = (
        db.session.connection().exec_driver_sql("SELECT row_to_json(e)::text FROM call_event e").all()
    )
    assert "13912340042" not in str(everything)
    assert "139****0042" in str(everything)
    assert db.session.query(Call).one().caller_number == "+8613912340042"


def test_tomorrow_on_the_switchs_clock_is_now_on_ours(client, clock):
    post(client, incoming(at="2026-12-24T00:00:00Z"))
    assert db.session.query(Call).one().arrived_at == clock.at


def test_an_event_before_its_call_waits_for_it(app, clock):
    call = SwitchCall()
    assert call.tell("leg.answered", leg=call.citizen) == []
    assert call.row.arrived_at is None
    assert [command.type.value for command in call.arrive()] == ["answer", "gather"]


def test_acknowledging_is_signed_too(client):
    assert post(client, {"ids": ["a"]}, path="/telephony/commands/ack").json == {"acknowledged": 0}
    assert post(client, {"ids": ["a"]}, header="", path="/telephony/commands/ack").status_code == 401
    assert post(client, {"ids": "a"}, path="/telephony/commands/ack").status_code == 422


@pytest.mark.parametrize(
    "number", ["", "anonymous", None, "110", "+1", "00861391234004212345678901", "**21*#"]
)
def test_odd_numbers_are_callers_like_any_other(client, number):
    assert post(client, incoming(**{"from": number})).status_code == 200


def test_the_calls_we_believe_alive_are_told_to_who_signs_the_path(client):
    post(client, incoming())
    path = f"/telephony/live/simulator/{time.time() + 1:.3f}"
    answer = client.get(path, headers={HEADER: sign(settings().telephony_secret, path.encode())})
    assert [call["call"] for call in answer.json["calls"]] == ["c-1"]
    assert client.get(path, headers={HEADER: sign("not ours", path.encode())}).status_code == 401
    assert client.get(path).status_code == 401


# -- several in one request


def several(client, *events, **how):
    return post(client, {"events": list(events)}, path="/telephony/events/batch", **how)


def record(id_, call="c-1", kind="bridge.joined", **facts):
    return incoming(id=id_, call=call, type=kind, **{"from": None, "to": None, **facts})


def test_several_events_are_kept_and_answered_with_the_commands_of_all(client):
    answer = several(
        client, incoming(), record("e-2"), incoming(id="e-3", call="c-2", leg="c-2-c"), record("e-4", "c-2")
    )
    assert answer.status_code == 200
    assert [(c["call"], c["type"]) for c in answer.json["commands"]] == [
        ("c-1", "answer"), ("c-1", "gather"), ("c-2", "answer"), ("c-2", "gather"),
    ]  # fmt: skip
    assert stored() == (4, 2)


def test_the_same_events_again_get_the_same_answer_and_are_kept_once(client):
    events = [incoming(), record("e-2"), record("e-3", kind="recording.started"), record("e-2")]
    first = several(client, *events)
    assert several(client, *events).json == first.json
    assert stored() == (3, 1)
    assert db.session.query(Recording).count() == 1


def test_records_of_a_call_nobody_knows_make_it_known(client):
    assert (
        several(client, record("e-1", "c-7"), record("e-2", "c-7"), record("e-3", "c-8")).status_code == 200
    )
    assert stored() == (3, 2)


def test_a_call_lives_as_long_as_its_last_record_says(client):
    post(client, incoming())
    later = clock.now()
    several(
        client,
        record("e-2", at=(later - timedelta(seconds=5)).isoformat()),
        record("e-3", at=later.isoformat()),
    )
    assert db.session.query(Call).one().last_event_at == later


@pytest.mark.parametrize(
    ("what", "events", "status"),
    [
        ("one that is malformed", [record("e-2"), record("e-3", kind="nonsense")], 422),
        ("one in another's name", [record("e-2"), record("e-3", provider="twiml")], 401),
        ("one of nobody", [record("e-2"), record("e-3", provider="nobody")], 422),
        ("none", [], 422),
        ("more than a hundred", [record(f"e-{n}") for n in range(101)], 422),
    ],
)
def test_one_wrong_event_refuses_them_all(client, what, events, status):
    assert several(client, *events).status_code == status
    assert stored() == (0, 0)


def test_several_unsigned_events_leave_no_trace(client):
    assert several(client, incoming(), record("e-2"), header="").status_code == 401
    assert stored() == (0, 0)


@pytest.mark.parametrize(
    ("knock", "why"),
    [
        ({"header": ""}, "no signature"),
        ({"header": "t=1,v1=zz"}, "not the shape of a signature"),
        ({"secret": "another"}, "another secret, or altered"),
        ({"off": -4000}, "its clock is 40"),
    ],
)
def test_the_log_says_why_a_switch_is_refused_and_not_each_time(client, monkeypatch, caplog, knock, why):
    monkeypatch.setattr("hotline.views.telephony._next_said", 0.0)
    for _ in range(3):
        assert post(client, b"{}", **knock).status_code == 401
    [told] = [record.msg for record in caplog.records if "signature_refused" in str(record.msg)]
    assert told["why"].startswith(why)
