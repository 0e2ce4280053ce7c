"""What is asked of the carrier, against the carrier's own library: it would ask the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from config import clock
from config.extensions import db
from hotline.models import Seat
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg, TwimlOrder
from hotline.telephony.twiml.requesting import NotYet, request_for

BASE = "https://hotline.example/telephony/twiml"
SID, ROOM = "CA" + "1" * 32, "CF" + "2" * 32


class Listening(TwilioHttpClient):
    """Remembers what the library would send."""

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, *_: Any, **__: Any
    ) -> Response:
        self.asked = (method, urlsplit(url).path.partition("/Accounts/AC0")[2], data)
        return Response(201, "{}")


@pytest.fixture
def theirs() -> Client:
    return Client("AC0", "token", http_client=Listening())


@pytest.fixture(autouse=True)
def customer(app):
    before = app.config["SETTINGS"]
    changes = {
        "twiml_public_url": "https://hotline.example",
        "twiml_number": "+8612345000000",
        "twiml_sip_domain": "city.sip.example",
    }
    app.config["SETTINGS"] = before.model_copy(update=changes)
    yield
    app.config["SETTINGS"] = before


def leg(**facts) -> TwimlLeg:
    plain = {
        "key": "c.1",
        "sid": SID,
        "conference": ROOM,
        "seat": None,
        "number": None,
        "music": "",
        "mode": "",
    }
    return TwimlLeg(
        **{
            **plain,
            "hangup_asked": "",
            "held": False,
            "version": 1,
            "told": 1,
            "answered_at": clock.now(),
            **facts,
        }
    )


def order(kind: str, **facts) -> TwimlOrder:
    return TwimlOrder(kind=kind, facts=facts, leg="c.1")


def same(request, client: Client) -> None:
    method, path, data = client.http_client.asked
    assert request is not None
    assert (request.method, request.path) == (method, path)
    assert dict(request.form) == {name: _text(value) for name, value in data.items() if value is not None}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


RING = {
    "url": f"{BASE}/legs/c.1",
    "method": "POST",
    "status_callback": f"{BASE}/legs/c.1/status",
    "status_callback_event": ["ringing", "completed"],
    "status_callback_method": "POST",
}


def test_a_seats_telephone_is_rung_by_sip_or_in_the_browser_and_a_citizens_by_number(theirs):
    db.session.add(Seat(number="1001", provider="twiml"))
    db.session.add(Seat(number="1002", provider="twiml", address="client:1002"))
    db.session.flush()
    for who, address in (
        ({"seat": "1001"}, "sip:1001@city.sip.example"),
        ({"seat": "1002"}, "client:1002"),
        ({"number": "+8613912340042"}, "+8613912340042"),
    ):
        theirs.calls.create(to=address, from_="+8612345000000", timeout=20, **RING)
        same(request_for(order("ring", timeout=20, shown=None), leg(sid=None, **who)), theirs)


def test_a_telephone_is_sent_for_its_new_document_unless_it_has_asked(theirs):
    theirs.calls(SID).update(url=f"{BASE}/legs/c.1", method="POST")
    same(request_for(order("refresh"), leg(version=3, told=2)), theirs)
    assert request_for(order("refresh"), leg(version=3, told=3)) is None


def test_a_telephone_is_put_down_whether_it_rings_or_talks(theirs):
    theirs.calls(SID).update(status="completed")
    same(request_for(order("hang_up"), leg()), theirs)
    theirs.calls(SID).update(status="canceled")
    same(request_for(order("hang_up"), leg(answered_at=None)), theirs)
    assert request_for(order("hang_up"), leg(sid=None)) is None


def test_a_citizen_is_held_and_comes_back(theirs):
    participant = theirs.conferences(ROOM).participants(SID)
    participant.update(hold=True)
    same(request_for(order("hold"), leg(held=True)), theirs)
    participant.update(hold=False)
    same(request_for(order("resume"), leg()), theirs)
    assert request_for(order("hold"), leg(held=False)) is None, "taken back meanwhile"


def test_listening_is_being_muted_whispering_is_coaching(theirs, app):
    call = TwimlCall(key="c", made_at=clock.now(), obeyed=[], room=1, tape="")
    db.session.add(call)
    db.session.flush()
    agent = leg(
        key="c.9", sid="CA" + "9" * 32, place="", hears=[], heard=0, news_at=clock.now(), call_id=call.id
    )
    db.session.add(agent)
    db.session.flush()
    participant = theirs.conferences(ROOM).participants(SID)
    for mode, facts in (
        ("monitor", {"muted": True, "coaching": False}),
        ("whisper", {"muted": False, "coaching": True, "call_sid_to_coach": agent.sid}),
        ("barge", {"muted": False, "coaching": False}),
    ):
        participant.update(**facts)
        same(request_for(order("listen", mode=mode), leg(listens_to="c.9", mode=mode)), theirs)


def test_the_citizens_line_is_recorded_paused_and_stopped(theirs):
    theirs.calls(SID).recordings.create(
        recording_status_callback=f"{BASE}/recordings",
        recording_status_callback_event=["in-progress", "completed", "absent"],
        recording_status_callback_method="POST",
        recording_channels="mono",
        recording_track="both",
    )
    same(request_for(order("record", action="start"), leg()), theirs)
    current = theirs.calls(SID).recordings("Twilio.CURRENT")
    for action, facts in (
        ("pause", {"status": "paused", "pause_behavior": "skip"}),
        ("resume", {"status": "in-progress"}),
        ("stop", {"status": "stopped"}),
    ):
        current.update(**facts)
        same(request_for(order("record", action=action), leg()), theirs)


@pytest.mark.parametrize(("kind", "lacking"), [("hold", "conference"), ("refresh", "sid"), ("record", "sid")])
def test_what_the_carrier_has_not_named_yet_is_waited_for(kind, lacking):
    with pytest.raises(NotYet):
        request_for(order(kind, action="start"), leg(held=True, version=2, **{lacking: None}))


def test_a_telephone_that_is_down_is_left_alone():
    assert request_for(order("refresh"), leg(version=3, ended_at=clock.now())) is None
