"""Sign a test's client in the way the sign-in page does."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from accounts.services.sessions import open_session


def signed_in_client(app: Flask, person: Any) -> FlaskClient:
    """A client whose session is `person`'s."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(open_session(person))
    return client
