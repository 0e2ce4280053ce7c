"""The clock process: what is due happens, and nothing slow stands in its way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from config import clock, clockwork, outbox, timers
from config.extensions import db


@contextmanager
def ticking(app: Flask) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=clockwork.run, args=(app, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def handled_by(monkeypatch, table: dict, kind: str, handler: Callable[..., None]) -> None:
    monkeypatch.setitem(table, kind, handler)


def test_timers_and_outbox_are_looked_after(committed: Flask, monkeypatch):
    rung, delivered = threading.Event(), threading.Event()
    handled_by(monkeypatch, timers._handlers, "tests.bell", lambda _key, _payload: rung.set())
    handled_by(monkeypatch, outbox._handlers, "tests.letter", lambda _payload: delivered.set())
    timers.set_timer("tests.bell", "1", clock.now())
    outbox.put("tests.letter")
    db.session.commit()
    with ticking(committed):
        assert rung.wait(20)
        assert delivered.wait(20)


def test_a_receiver_that_answers_slowly_holds_up_no_timer(committed: Flask, monkeypatch):
    rung, listening, may_go = threading.Event(), threading.Event(), threading.Event()

    def slow(_payload):
        listening.set()
        may_go.wait(60)

    handled_by(monkeypatch, timers._handlers, "tests.bell", lambda _key, _payload: rung.set())
    handled_by(monkeypatch, outbox._handlers, "tests.letter", slow)
    outbox.put("tests.letter")
    db.session.commit()
    with ticking(committed):
        try:
            assert listening.wait(20)
            timers.set_timer("tests.bell", "1", clock.now())
            db.session.commit()
            assert rung.wait(20)
        finally:
            may_go.set()
