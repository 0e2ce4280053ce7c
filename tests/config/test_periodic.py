"""Periodic jobs: each run is queued, by whichever clock sees it first, and none is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import redis
from sqlalchemy import select

from config import periodic
from config.extensions import db, job_queue
from config.timers import Timer, run_due_timers


def sweep() -> None:
    """A job of these tests."""


@pytest.fixture
def job(app, monkeypatch):
    made = periodic.PeriodicJob("tests.sweep", "*/5 * * * *", sweep)
    monkeypatch.setattr(periodic, "JOBS", {made.name: made})
    return made


def due_at(job) -> datetime:
    return db.session.scalar(select(Timer.due_at).where(Timer.key == job.name))


def queued() -> list[str]:
    return [one.func_name for one in job_queue().jobs]


def test_cron_strings_are_read_in_the_city_s_time(app):
    nightly = periodic.PeriodicJob("nightly", "30 2 * * *", sweep)
    assert nightly.next_run(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) == datetime(
        2026, 11, 23, 18, 30, tzinfo=UTC
    )


def test_a_job_is_queued_when_its_time_has_come_and_the_next_run_is_set(job, clock):
    periodic.schedule_all()
    assert run_due_timers() == 0
    clock.advance(minutes=5)
    assert run_due_timers() == 1
    assert queued() == ["tests.config.test_periodic.sweep"]
    assert due_at(job) == datetime(2026, 11, 23, 2, 10, tzinfo=UTC)


def test_a_clock_that_was_away_for_hours_queues_one_run_not_all_it_missed(job, clock):
    periodic.schedule_all()
    clock.advance(hours=7)
    run_due_timers()
    assert len(queued()) == 1
    assert due_at(job) > clock.at


def test_a_run_that_cannot_be_queued_is_tried_again(job, clock, monkeypatch):
    periodic.schedule_all()
    clock.advance(minutes=5)

    def away():
        raise redis.ConnectionError("Redis is away")

    monkeypatch.setattr(periodic, "job_queue", away)
    run_due_timers()
    assert queued() == []
    monkeypatch.undo()
    monkeypatch.setattr(periodic, "JOBS", {job.name: job})
    clock.advance(minutes=2)
    run_due_timers()
    assert len(queued()) == 1


def test_a_job_that_is_no_more_is_forgotten(job, clock, monkeypatch):
    periodic.schedule_all()
    monkeypatch.setattr(periodic, "JOBS", {})
    periodic.schedule_all()
    assert due_at(job) is None


def test_what_is_no_cron_string_is_refused_where_it_is_written():
    with pytest.raises(ValueError, match="not a cron string"):
        periodic.periodic("every morning")
