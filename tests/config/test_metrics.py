"""`/metrics` tells a Prometheus what an operator is woken by, from the database and Redis, to who has the token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config import clock as city_clock
from config import outbox
from config.extensions import db, job_queue
from config.timers import set_timer, timer_handler
from config.web import metrics

TOKEN = {"Authorization": "Bearer for the collector"}


@pytest.fixture
def scraped(app, client, monkeypatch):
    """`scraped()`: every figure by name; by name and label's value where it has one."""
    found = app.config["SETTINGS"].model_copy(update={"metrics_token": "for the collector"})
    monkeypatch.setitem(app.config, "SETTINGS", found)

    def scrape() -> dict:
        answer = client.get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")
        told = {}
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                told[(sample.name.removeprefix("hotline_"), *sample.labels.values())] = sample.value
        return told

    return scrape


def test_without_a_token_in_the_settings_there_is_no_such_page(client):
    assert client.get("/metrics", headers=TOKEN).status_code == 404


def test_who_has_another_token_or_none_is_told_nothing(scraped, client):
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic zzz"}):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.text) == (401, "401\n")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_part_is_measured_and_every_check_is_there(scraped):
    found = scraped()
    parts = {key[1]: value for key, value in found.items() if key[0] == "measured"}
    assert set(parts) == set(metrics._measures)
    assert set(parts.values()) == {1.0}
    assert found["check_ok", "database"] == 1
    assert found["database_connections_most",] > found["database_connections",] > 0
    assert found["disk_bytes",] > found["disk_free_bytes",] > 0
    assert abs(found["clock_offset_seconds",]) < 1


def test_a_timer_nobody_acts_on_grows_old(scraped, clock, monkeypatch):
    timer_handler("test.late")(lambda _key, _payload: None)
    set_timer("test.late", "one", clock.at)
    db.session.commit()
    clock.advance(minutes=5)
    found = scraped()
    assert (found["timers_due",], found["timers_oldest_due_seconds",]) == (1, 300)


def test_what_the_outbox_cannot_deliver_is_told_with_its_age_and_at_last_as_parked(
    scraped, clock, monkeypatch
):
    monkeypatch.setitem(outbox._handlers, "test.away", lambda _payload: 1 / 0)
    outbox.put("test.away")
    outbox.deliver_outbox()
    clock.advance(seconds=30)
    found = scraped()
    assert (found["outbox_waiting",], found["outbox_oldest_seconds",], found["outbox_parked",]) == (1, 30, 0)
    for _ in range(5):
        clock.advance(hours=13)
        outbox.deliver_outbox()
    found = scraped()
    assert (found["outbox_waiting",], found["outbox_parked",]) == (0, 1)


def test_a_job_that_no_worker_takes_grows_old(scraped, monkeypatch):
    queue = job_queue()
    queue.empty()
    try:
        queue.enqueue("time.sleep", 0)
        later = city_clock.now() + timedelta(minutes=3)
        monkeypatch.setattr(metrics.clock, "now", lambda: later)
        found = scraped()
        assert found["jobs_waiting",] == 1
        assert found["jobs_oldest_seconds",] == pytest.approx(180, abs=5)
        assert found["workers",] == 0
    finally:
        queue.empty()


def test_a_part_that_cannot_be_read_is_named_and_the_rest_is_told(scraped, monkeypatch):
    monkeypatch.setitem(metrics._measures, "timers", lambda: 1 / 0)
    found = scraped()
    assert found["measured", "timers"] == 0
    assert "timers_due" not in {key[0] for key in found}
    assert found["measured", "outbox"] == 1


def test_with_the_database_away_what_needs_none_is_still_told(scraped, monkeypatch):
    monkeypatch.setitem(metrics.health._checks, "database", lambda: 1 / 0)
    found = scraped()
    assert (found["check_ok", "database"], found["measured", "outbox"], found["measured", "jobs"]) == (
        0,
        0,
        1,
    )
    assert ("disk_free_bytes",) in found
