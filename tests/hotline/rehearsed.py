"""The app, once it has led a call: what a process learns by its first events is there before it is forked.

A new worker would need the better part of a second for them, and a kill in that time meets no event at its work.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from config.extensions import db
from config.garbage import keep_what_is_there
from config.settings import get_settings
from tests.conftest import _empty_tables, redis_flush
from tests.factories.hotline import make_agent
from tests.hotline.one_call import one_call, signed
from wsgi import create_app


def create_rehearsed_app() -> Flask:
    """As `create_app`; the database is as empty as before, and no connection to it is open."""
    app = create_app()
    secret = get_settings().telephony_secret

    def tell(call: str, kind: str, leg: str, **facts: Any) -> list[dict[str, Any]]:
        event = signed(secret, call, kind, leg, **facts)
        response = app.test_client().post("/telephony/events", data=event.body, headers=event.headers)
        found: list[dict[str, Any]] = response.get_json()["commands"]
        return found

    with app.app_context():
        make_agent()
        db.session.commit()
        one_call(tell)
        db.session.remove()
        _empty_tables()
        db.engine.dispose()
    redis_flush(app)
    keep_what_is_there()  # else each new worker looks through all of it
    return app
