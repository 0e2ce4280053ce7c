"""Who knocks: a client for each person; whatever a request changes is undone after it, and told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from accounts.models import Person
from config.extensions import db
from tests.support.people import signed_in_client

_CHANGE = re.compile(r"^\s*(?:WITH\b.*?)?(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.S)
OWN_TRACE = frozenset({"sign_in_session"})
"""Tables in which every request of a signed-in person leaves when it came."""


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where there was no answer but an exception; `changed` the tables that were changed for good."""

    status: int
    changed: frozenset[str]
    error: str = ""
    text: str = ""


class Visitors:
    """`ask(who, method, address)`, each in a world that no earlier request has touched."""

    def __init__(self, app: Flask, people: Mapping[Any, Person]) -> None:
        self._link: Any = db.engine  # a test's engine is its one connection
        self._clients = {who: signed_in_client(app, person) for who, person in people.items()}
        self._cookies = {who: one.get_cookie("hotline") for who, one in self._clients.items()}
        self._levels: list[set[str]] = []
        db.session.commit()
        db.session.remove()
        for name in ("before_cursor_execute", "savepoint", "release_savepoint", "rollback_savepoint"):
            event.listen(self._link, name, getattr(self, f"_{name}"))

    def close(self) -> None:
        for name in ("before_cursor_execute", "savepoint", "release_savepoint", "rollback_savepoint"):
            event.remove(self._link, name, getattr(self, f"_{name}"))

    def ask(self, who: Any, method: str, address: str, **sent: Any) -> Answer:
        client, cookie = self._clients[who], self._cookies[who]
        client.set_cookie("hotline", cookie.value if cookie else "")
        before = self._link.begin_nested()
        self._levels = [set()]
        status, error, text = 0, "", ""
        try:
            with client.open(address, method=method, **sent) as answer:
                status = answer.status_code
                text = answer.text if answer.mimetype == "text/html" else ""
        except Exception as raised:
            error = f"{type(raised).__name__}: {str(raised)[:120]}"
        changed = frozenset().union(*self._levels) - OWN_TRACE
        db.session.rollback()
        db.session.remove()
        before.rollback()
        return Answer(status, changed, error, text)

    def _before_cursor_execute(self, _link: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._levels and (found := _CHANGE.match(statement)):
            self._levels[-1].add(found[1])

    def _savepoint(self, *_facts: Any) -> None:
        self._levels.append(set())

    def _release_savepoint(self, *_facts: Any) -> None:
        if len(self._levels) > 1:
            top = self._levels.pop()
            self._levels[-1] |= top

    def _rollback_savepoint(self, *_facts: Any) -> None:
        if len(self._levels) > 1:
            self._levels.pop()
