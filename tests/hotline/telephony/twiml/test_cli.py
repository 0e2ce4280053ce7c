"""What an operator types, and where recordings are fetched from."""

from __future__ import annotations

import pytest

from config.extensions import db
from hotline.models import Seat
from hotline.telephony import PROVIDERS


def test_seats_are_put_on_the_carrier(customer):
    run = customer.test_cli_runner().invoke
    assert run(args=["twiml", "seat", "1001", "1002", "--client"]).exit_code == 0
    seats = db.session.query(Seat).order_by(Seat.number).all()
    assert [(seat.number, seat.provider, seat.address, seat.online) for seat in seats] == [
        ("1001", "twiml", "client:1001", True),
        ("1002", "twiml", "client:1002", True),
    ]


def test_the_addresses_are_those_of_the_public_base(customer):
    printed = customer.test_cli_runner().invoke(args=["twiml", "addresses"]).output
    assert "https://hotline.example/telephony/twiml/voice" in printed
    assert "https://hotline.example/telephony/twiml/status" in printed


def test_without_an_account_the_agent_says_what_is_missing(app):
    done = app.test_cli_runner().invoke(args=["twiml", "run"])
    assert done.exit_code == 1
    assert "TWIML_ACCOUNT, TWIML_TOKEN, TWIML_NUMBER" in done.output


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/RE1.wav",
        "twiml:recordings/../Calls",
        "twiml:calls/CA1",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_but_a_recording_is_fetched_from_the_carrier(customer, address):
    with pytest.raises(ValueError, match="not a recording"):
        PROVIDERS["twiml"].fetch(address)


def test_who_keeps_no_recordings_is_asked_for_none():
    with pytest.raises(ValueError, match="keeps no recordings"):
        PROVIDERS["cti"].fetch("anything")
