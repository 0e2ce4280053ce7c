"""The carrier's door: what is let in, in which order and how often it may come, and what it is answered."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import pytest
from twilio.request_validator import RequestValidator

from config.crypto import blind_index
from config.extensions import db
from hotline import services
from hotline.models import Call, CallCommand, CallEvent, CallLeg, NumberRule
from hotline.services import room
from hotline.services.forwarding import forward_calls
from hotline.services.orders import message
from hotline.services.targets import Target
from hotline.telephony.contract import CommandMessage
from hotline.telephony.signature import HEADER, sign
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg, TwimlOrder
from hotline.telephony.twiml.ordering import accept, obey_in_mid_call
from hotline.telephony.twiml.requesting import request_for
from hotline.words import AgentState, CallState, EndReason, NumberRuleKind
from tests.factories.hotline import make_agent, presence_of, without_welcome
from tests.hotline.telephony.twiml.conftest import BASE, TOKEN, verbs

SID = "CA" + "a" * 32
SEAT_SID = "CA" + "b" * 32
RINGS = {"CallSid": SID, "From": "+8613912340042", "To": "+8612345000000", "CallStatus": "ringing"}
IS_UP = {**RINGS, "CallStatus": "in-progress"}


def stored():
    return [db.session.query(table).count() for table in (Call, CallEvent, TwimlCall, TwimlLeg, TwimlOrder)]


def the_call() -> Call:
    db.session.expire_all()
    return db.session.query(Call).one()


def orders():
    return [row.kind for row in db.session.query(TwimlOrder).order_by(TwimlOrder.id)]


def make_twiml_agent():
    agent = make_agent()
    seat = services.agents.lock_presence(agent.id).seat
    seat.provider = "twiml"
    db.session.commit()
    return agent


def seat_leg() -> str:
    return (
        db.session.query(CallLeg)
        .filter(CallLeg.agent_id.is_not(None))
        .order_by(CallLeg.id.desc())
        .first()
        .key
    )


def talk(post):
    """A citizen and an agent; the agent's leg."""
    make_twiml_agent()
    post("voice", **RINGS)
    post(f"legs/{SID}/digits/0", **IS_UP, Digits="1")
    leg = seat_leg()
    post(f"legs/{leg}/status", CallSid=SEAT_SID, CallStatus="ringing")
    post(f"legs/{leg}", CallSid=SEAT_SID, CallStatus="in-progress")
    return leg


def test_a_caller_is_welcomed_then_waits_with_music(post):
    (gather,) = verbs(post("voice", **RINGS))
    assert (gather.tag, gather.get("numDigits")) == ("Gather", "1")
    (dial,) = verbs(post(f"legs/{SID}/digits/0", **IS_UP, Digits="1"))
    assert dial[0].get("startConferenceOnEnter") == "false"
    call = the_call()
    assert (call.provider, call.state, call.caller_number) == ("twiml", CallState.QUEUED, "+8613912340042")


def test_agent_and_citizen_meet_in_one_conference(post):
    leg = talk(post)
    (dial,) = verbs(post(f"legs/{leg}", CallSid=SEAT_SID, CallStatus="in-progress"))
    assert dial[0].text == f"{SID}.1"
    assert the_call().state is CallState.TALKING
    assert orders() == ["ring", "record"], (
        "the citizen is in the conference already, nobody needs to fetch them"
    )


@pytest.mark.parametrize(
    "path", ["voice", "status", f"legs/{SID}", "recordings", f"rooms/{SID}", "music/default"]
)
@pytest.mark.parametrize("signature", ["", "bm90IGl0"])
def test_what_is_not_signed_is_refused_and_leaves_no_trace(post, path, signature):
    assert post(path, signature=signature, **RINGS).status_code == 403
    assert stored() == [0, 0, 0, 0, 0]


def test_an_altered_form_and_an_altered_address_are_refused(post, client, customer):
    signed = RequestValidator(TOKEN).compute_signature(f"{BASE}/telephony/twiml/voice", RINGS)
    for altered in ({**RINGS, "From": "+8613900000000"}, {**RINGS, "More": "1"}):
        assert post("voice", signature=signed, **altered).status_code == 403
    assert post("voice", signature=signed, query="?a=1", **RINGS).status_code == 403
    wrong_host = client.post(
        "/telephony/twiml/voice", data=RINGS, headers={"X-Twilio-Signature": signed, "Host": "evil.example"}
    )
    assert wrong_host.status_code == 200, "the Host proves nothing either way: the public base counts"


def test_who_is_no_customer_of_a_carrier_has_no_such_door(client):
    signed = RequestValidator("").compute_signature("http://127.0.0.1:12345/telephony/twiml/voice", RINGS)
    for signature in (signed, ""):
        answer = client.post("/telephony/twiml/voice", data=RINGS, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 403


def test_the_json_door_is_not_opened_by_the_carriers_token(client, customer):
    body = json.dumps({"id": "1", "provider": "twiml"}).encode()
    for secret in (TOKEN, ""):
        answer = client.post("/telephony/events", data=body, headers={HEADER: sign(secret, body)})
        assert answer.status_code == 401


def test_each_request_may_come_twice(post):
    first = post("voice", **RINGS).data
    assert post("voice", **RINGS).data == first
    second = post(f"legs/{SID}/digits/0", **IS_UP, Digits="1").data
    before = stored()
    assert post(f"legs/{SID}/digits/0", **IS_UP, Digits="2").data == second
    assert stored() == before
    assert the_call().asked_key == "1"


NEWS = [
    ("rooms/" + SID, {"ConferenceSid": "CF1", "CallSid": SID, "StatusCallbackEvent": "participant-join"}),
    ("rooms/" + SID, {"ConferenceSid": "CF1", "CallSid": SID, "StatusCallbackEvent": "participant-hold"}),
    ("rooms/" + SID, {"ConferenceSid": "CF1", "CallSid": SID, "StatusCallbackEvent": "participant-unhold"}),
    ("rooms/" + SID, {"ConferenceSid": "CF1", "CallSid": SID, "StatusCallbackEvent": "participant-leave"}),
    ("status", {"CallSid": SID, "CallStatus": "completed"}),
    ("seat", {"CallSid": SEAT_SID, "CallStatus": "completed"}),
]


@pytest.mark.parametrize("order", [*itertools.permutations(range(6), 6)][::97])
def test_news_in_any_order_and_twice_leads_to_the_same_end(post, clock, order):
    leg = talk(post)
    for second, (_path, form) in enumerate(NEWS):
        form["SequenceNumber"] = str(second)
        form["Timestamp"] = f"Mon, 23 Nov 2026 02:00:{10 + second:02d} +0000"
    clock.advance(seconds=30)
    for index in (*order, *order):
        path, form = NEWS[index]
        post(f"legs/{leg}/status" if path == "seat" else path, **form)
    call = the_call()
    assert (call.state, call.end_reason) == (CallState.ENDED, EndReason.CALLER_HUNG_UP)
    assert (call.talk_seconds, call.hold_seconds) == (13, 1)


def test_the_agents_telephone_is_put_down_with_the_citizens(post):
    leg = talk(post)
    post("status", CallSid=SID, CallStatus="completed")
    assert orders()[-1] == "hang_up"
    post(f"legs/{leg}/status", CallSid=SEAT_SID, CallStatus="completed")
    ended = db.session.query(CallLeg).filter_by(key=leg).one()
    assert (ended.end_cause, ended.end_by) == ("normal", "hotline")


@pytest.mark.parametrize(
    ("status", "cause", "state"),
    [
        ("busy", "busy", AgentState.NOT_READY),
        ("no-answer", "no_answer", AgentState.NOT_READY),
        ("failed", "unreachable", AgentState.IDLE),
    ],
)
def test_a_seat_that_does_not_answer_is_told_why_and_who_is_absent_is_not_ready(post, status, cause, state):
    agent = make_twiml_agent()
    without_welcome()
    post("voice", **RINGS)
    leg = seat_leg()
    post(f"legs/{leg}/status", CallSid=SEAT_SID, CallStatus=status)
    found = db.session.query(CallLeg).filter_by(key=leg).one()
    assert (found.end_cause, found.end_by) == (cause, "switch")
    assert presence_of(agent).state is state


def test_a_blocked_caller_is_rejected_before_being_taken(post, clock):
    db.session.add(
        NumberRule(
            number="+8613912340042",
            number_index=blind_index("+8613912340042"),
            kind=NumberRuleKind.BLOCKED,
            from_at=clock.at,
        )
    )
    db.session.commit()
    (reject,) = verbs(post("voice", **RINGS))
    assert reject.tag == "Reject"
    assert the_call().blocked_at is not None


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Restricted", "+266696687", "sip:", "<script>", "x" * 500]
)
def test_callers_without_a_number_or_with_a_false_one_are_served(post, number):
    answer = post("voice", **{**RINGS, "From": number})
    assert verbs(answer)[0].tag == "Gather"
    assert the_call().caller_number is None


def test_a_flood_of_keys_is_cut_to_what_a_number_can_be(post):
    post("voice", **RINGS)
    answer = post(f"legs/{SID}/digits/0", **IS_UP, Digits="1" * 5000 + "w;DROP")
    assert verbs(answer)[0].tag == "Dial"
    told = db.session.query(CallEvent).filter_by(type="digits").one()
    assert told.body["value"] == "1" * 32
    for number in range(1, 40):  # and answers to questions that nobody asked change nothing
        post(f"legs/{SID}/digits/{number}", **IS_UP, Digits="9")
    assert the_call().asked_key == "1"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("status", {"CallSid": "CAunknown", "CallStatus": "completed"}),
        ("status", {}),
        ("rooms/nothing", {"StatusCallbackEvent": "participant-join"}),
        ("recordings", {"RecordingStatus": "completed", "CallSid": "CAunknown", "RecordingSid": "RE1"}),
        ("legs/nothing/status", {"CallSid": "CAunknown", "CallStatus": "ringing"}),
    ],
)
def test_news_of_what_we_do_not_know_harms_nobody(post, path, form):
    assert post(path, **form).status_code == 204
    assert stored() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "event", ["participant-speech-start", "announcement-end", "", "participant-vanished"]
)
def test_events_we_have_no_use_for_are_passed_over(post, event):
    talk(post)
    before = stored()
    form = {"ConferenceSid": "CF1", "CallSid": SID, "SequenceNumber": "9", "StatusCallbackEvent": event}
    assert post(f"rooms/{SID}", **form).status_code == 204
    assert stored() == before


def test_a_telephone_of_no_call_is_put_down(post):
    (hangup,) = verbs(post("legs/nothing", CallSid="CAx", CallStatus="in-progress"))
    assert hangup.tag == "Hangup"


def test_a_second_telephone_for_one_leg_is_put_down(post):
    leg = talk(post)
    (hangup,) = verbs(post(f"legs/{leg}", CallSid="CA" + "c" * 32, CallStatus="in-progress"))
    assert hangup.tag == "Hangup"
    assert orders()[-1] == "surplus"
    assert the_call().state is CallState.TALKING


def test_a_recording_is_looked_at_before_it_is_told(post):
    talk(post)
    told = {"CallSid": SID, "RecordingSid": "RE1", "RecordingDuration": "12"}
    for _ in range(2):
        post("recordings", **told, RecordingStatus="completed")
        post("recordings", **told, RecordingStatus="in-progress")
    assert Counter(orders())["recording"] == 1
    kinds = Counter(kind for (kind,) in db.session.query(CallEvent.type))
    assert (kinds["recording.started"], kinds["recording.ready"]) == (1, 0)


def test_every_command_of_the_hotline_is_obeyed_once(post):
    leg = talk(post)
    for _ in range(3):
        post("voice", **RINGS)
        post(f"legs/{leg}", CallSid=SEAT_SID, CallStatus="in-progress")
    given = Counter(key for (key,) in db.session.query(CallCommand.key))
    assert Counter(db.session.query(TwimlCall).one().obeyed) == given
    assert Counter(orders()) == {"ring": 1, "record": 1}


def test_a_message_is_left_and_told_with_the_prompt_it_answers(post):
    post("voice", **RINGS)
    post(f"legs/{SID}/digits/0", **IS_UP, Digits="1")
    told = {"id": "r1", "call": SID, "leg": SID, "type": "record", "action": "start", "prompt": "voicemail"}
    obey_in_mid_call(SID, [CommandMessage(**told, finish="#", timeout=180)])
    (record,) = verbs(post(f"legs/{SID}", **IS_UP))
    assert (record.tag, record.get("maxLength"), record.get("finishOnKey")) == ("Record", "180", "#")
    for status in ("in-progress", "completed"):
        post(
            "recordings/voicemail",
            CallSid=SID,
            RecordingSid="RE1",
            RecordingStatus=status,
            RecordingDuration="9",
        )
    number = record.get("action").rpartition("/")[2]
    (dial,) = verbs(post(f"legs/{SID}/spoken/{number}", **IS_UP))
    assert dial.tag == "Dial"
    started = db.session.query(CallEvent).filter_by(type="recording.started").one()
    assert started.body["prompt"] == "voicemail"
    assert db.session.query(TwimlOrder).filter_by(kind="recording").one().facts["prompt"] == "voicemail"


def in_mid_call() -> list[CommandMessage]:
    """Everything ordered by a press, as the agent process takes it from Redis."""
    rows = db.session.query(CallCommand, Call).join(Call, Call.id == CallCommand.call_id)
    waiting = rows.filter(CallCommand.event_id.is_(None), CallCommand.acked_at.is_(None))
    commands = [message(row, call) for row, call in waiting.order_by(CallCommand.id)]
    accept(commands)
    return commands


def test_of_an_agent_who_forwards_the_citizens_line_is_recorded_and_not_theirs(post):
    agent = make_twiml_agent()
    forward_calls(agent, "13900000001")
    services.place_call(agent, "13912340042")
    (ring,) = in_mid_call()
    post(f"legs/{ring.leg}/status", CallSid=SEAT_SID, CallStatus="ringing")
    post(f"legs/{ring.leg}", CallSid=SEAT_SID, CallStatus="in-progress")
    (citizen,) = [row.key for row in db.session.query(CallLeg).filter_by(agent_id=None)]
    post(f"legs/{citizen}", CallSid=SID, CallStatus="in-progress")
    assert the_call().state is CallState.TALKING
    recorded = [row.leg for row in db.session.query(TwimlOrder).filter_by(kind="record")]
    assert recorded == [citizen]
    legs = {row.key: row for row in db.session.query(CallLeg)}
    assert legs[ring.leg].ringing_at is not None, (
        "the carrier's word that it rings is told of an agent's telephone"
    )
    post(f"legs/{ring.leg}/status", CallSid=SEAT_SID, CallStatus="completed")
    db.session.expire_all()
    assert db.session.query(CallLeg).filter_by(key=ring.leg).one().end_by == "agent"


def test_a_colleague_at_a_seat_is_shown_the_citizens_number_and_not_the_agents_own(post):
    agent, colleague = make_twiml_agent(), make_twiml_agent()
    forward_calls(agent, "13900000001")
    services.place_call(agent, "13912340042")
    (ring,) = in_mid_call()
    post(f"legs/{ring.leg}", CallSid=SEAT_SID, CallStatus="in-progress")
    (citizen,) = [row.key for row in db.session.query(CallLeg).filter_by(agent_id=None)]
    post(f"legs/{citizen}", CallSid=SID, CallStatus="in-progress")
    room.consult(agent, the_call(), Target(agent_id=colleague.id))
    in_mid_call()
    order = db.session.query(TwimlOrder).filter_by(kind="ring").order_by(TwimlOrder.id.desc()).first()
    leg = db.session.query(TwimlLeg).filter_by(key=order.leg).one()
    assert request_for(order, leg).form["From"] == "+8613912340042"
