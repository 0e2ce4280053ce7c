"""Text messages: written with their reason, sent once by whatever gateway there is, and honest where there is none."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config import sms
from config.extensions import db
from config.outbox import OutboxRow, deliver_outbox
from config.sms import SmsMessage, SmsState

NUMBER = "+8613912340042"


def written() -> SmsMessage:
    sms.send(NUMBER, "三次回电未接通", "not_reached")
    db.session.commit()
    return db.session.query(SmsMessage).one()


def key_of(row: SmsMessage) -> str:
    return f"sms-{row.id}-{row.created_at:%Y%m%d%H%M%S%f}"


@pytest.fixture
def service(app, monkeypatch) -> Iterator[list[dict]]:
    """A gateway that listens; `refuses` lets it fail so often."""
    taken: list[dict] = []

    class Door(BaseHTTPRequestHandler):
        refuses = 0

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append({**body, "token": self.headers["Authorization"]})
            answer = b'{"reference": "M-1"}'
            self.send_response(503 if Door.refuses >= len(taken) else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_about: object) -> None:
            """Quietly."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/send"
    found = app.config["SETTINGS"].model_copy(
        update={"sms_gateway_url": address, "sms_gateway_token": "between-us"}
    )
    monkeypatch.setitem(app.config, "SETTINGS", found)
    app.extensions["sms_door"] = Door
    yield taken
    server.shutdown()
    server.server_close()


def test_without_a_gateway_it_says_so_and_is_not_tried_again(app):
    written()
    deliver_outbox()
    assert db.session.query(SmsMessage).one().state is SmsState.NOT_CONNECTED
    assert db.session.query(OutboxRow).one().delivered_at is not None


def test_a_gateway_is_told_once_with_a_key_of_its_own(service):
    row = written()
    deliver_outbox()
    sms.deliver({"message": row.id})  # the outbox may call twice
    assert [(one["number"], one["key"], one["token"]) for one in service] == [
        (NUMBER, key_of(row), "Bearer between-us")
    ]
    assert (row.state, row.reference, row.gateway) == (SmsState.SENT, "M-1", "http")


def test_a_gateway_that_fails_is_tried_again_later(service, app, clock):
    app.extensions["sms_door"].refuses = 1
    row = written()
    deliver_outbox()
    assert row.state is SmsState.WAITING
    clock.advance(minutes=2)
    deliver_outbox()
    assert row.state is SmsState.SENT
    assert {one["key"] for one in service} == {key_of(row)}


def test_a_number_given_again_after_a_restore_is_another_message_to_the_gateway(service, clock):
    first = written()
    deliver_outbox()
    number, created_at = first.id, first.created_at
    # The backup of before: the row and its number are gone, and the next message takes that number.
    db.session.delete(first)
    db.session.commit()
    clock.advance(minutes=10)
    again = SmsMessage(
        id=number, number=NUMBER, text="另一条", purpose="x", created_at=clock.at, state=SmsState.WAITING
    )
    db.session.add(again)
    db.session.commit()
    sms.deliver({"message": number})
    assert len({one["key"] for one in service}) == 2
    # The backup of after it was written and before it was sent: the same message by the same key.
    again.state, again.sent_at, again.created_at = SmsState.WAITING, None, created_at
    db.session.commit()
    sms.deliver({"message": number})
    assert service[2]["key"] == service[0]["key"]
