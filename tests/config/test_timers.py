"""Timers act once, at their time, and a failing one does not block the ones behind it."""

from __future__ import annotations

import pytest

from config import timers
from config.extensions import db


@pytest.fixture
def acted(monkeypatch):
    seen = []

    def handler(key, payload):
        if payload.get("fails"):
            raise ValueError("broken on purpose")
        seen.append((key, payload))

    monkeypatch.setitem(timers._handlers, "test.kind", handler)
    return seen


def test_a_timer_acts_once_it_is_due_and_only_once(clock, acted):
    timers.set_timer("test.kind", 7, clock.at, what="ring")
    assert timers.run_due_timers() == 1
    assert timers.run_due_timers() == 0
    assert acted == [("7", {"what": "ring"})]


def test_a_timer_that_is_not_due_waits(clock, acted):
    timers.set_timer("test.kind", 7, clock.at.replace(hour=5))
    assert timers.run_due_timers() == 0
    clock.advance(hours=4)
    assert timers.run_due_timers() == 1


def test_setting_a_timer_again_moves_it(clock, acted):
    timers.set_timer("test.kind", 7, clock.at)
    timers.set_timer("test.kind", 7, clock.at.replace(hour=9), moved=True)
    assert timers.run_due_timers() == 0
    clock.advance(hours=8)
    timers.run_due_timers()
    assert acted == [("7", {"moved": True})]


def test_a_cancelled_timer_does_nothing(clock, acted):
    timers.set_timer("test.kind", 7, clock.at)
    timers.cancel_timer("test.kind", 7)
    assert timers.run_due_timers() == 0


def test_a_failing_timer_is_put_off_and_the_next_one_acts(clock, acted):
    timers.set_timer("test.kind", "bad", clock.at, fails=True)
    timers.set_timer("test.kind", "good", clock.at)
    db.session.commit()
    timers.run_due_timers()
    assert acted == [("good", {})]
    assert timers.run_due_timers() == 0, "the bad one waits its time"
    clock.advance(minutes=2)
    assert timers.run_due_timers() == 1
