"""A hotline that is a customer of a carrier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

BASE = "https://hotline.example"
TOKEN = "a token in a test"


@pytest.fixture
def customer(app: Flask) -> Iterator[Flask]:
    before = app.config["SETTINGS"]
    changes = {"twiml_account": "AC0", "twiml_token": TOKEN, "twiml_number": "+8612345000000"}
    app.config["SETTINGS"] = before.model_copy(update={**changes, "twiml_public_url": BASE})
    yield app
    app.config["SETTINGS"] = before


@pytest.fixture
def post(customer: Flask, client: FlaskClient) -> Callable[..., TestResponse]:
    """`post("voice", CallSid=…)` as the carrier does it; `signature` and `query` may be other ones."""

    def send(path: str, *, signature: str | None = None, query: str = "", **form: Any) -> TestResponse:
        path = f"/telephony/twiml/{path}{query}"
        signed = RequestValidator(TOKEN).compute_signature(BASE + path, form)
        headers = {"X-Twilio-Signature": signed if signature is None else signature}
        return client.post(path, data=form, headers=headers)

    return send


def verbs(answer: TestResponse) -> list[Element]:
    """The document's verbs."""
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/xml; charset=utf-8"
    return list(fromstring(answer.data))
