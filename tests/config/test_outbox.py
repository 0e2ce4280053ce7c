"""Rows of the outbox are delivered at least once, put off when that fails, and parked at last."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from config import outbox
from config.extensions import db


@pytest.fixture
def deliveries(monkeypatch):
    seen = []

    def handler(payload):
        seen.append(payload)
        if payload.get("fails"):
            raise ConnectionError("nobody there")

    monkeypatch.setitem(outbox._handlers, "test.topic", handler)
    return seen


def test_a_row_is_delivered_once(clock, deliveries):
    outbox.put("test.topic", n=1)
    assert outbox.deliver_outbox() == 1
    assert outbox.deliver_outbox() == 0
    assert deliveries == [{"n": 1}]


def test_a_failing_row_is_tried_six_times_and_then_parked(clock, deliveries):
    outbox.put("test.topic", fails=True)
    for wait in (0, 1, 5, 30, 120, 720):
        clock.advance(minutes=wait)
        assert outbox.deliver_outbox() == 1
    row = db.session.scalars(select(outbox.OutboxRow)).one()
    assert row.dead_at == clock.at
    assert "nobody there" in row.last_error
    clock.advance(days=1)
    assert outbox.deliver_outbox() == 0


def test_what_was_delivered_a_month_ago_is_forgotten_and_what_is_parked_stays(clock, deliveries):
    outbox.put("test.topic", n=1)
    outbox.put("test.topic", fails=True)
    for wait in (0, 1, 5, 30, 120, 720):
        clock.advance(minutes=wait)
        outbox.deliver_outbox()
    clock.advance(days=29)
    assert outbox.tidy() == 0
    clock.advance(days=2)
    assert outbox.tidy() == 1
    assert [row.dead_at is not None for row in db.session.scalars(select(outbox.OutboxRow))] == [True]
