"""`/readyz` says of each part how it is, takes a web out of service only for what it cannot serve without, and names
nothing that only we should know."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import text

from config import clock as city_clock
from config import key_mark, migrations
from config.extensions import db
from config.settings import ROOT
from config.web import health


def asked(client) -> tuple[int, str, dict]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json["status"], answer.json["checks"]


def test_all_is_well(client):
    status, word, checks = asked(client)
    assert (status, word) == (200, "ready")
    assert {"database", "migrations", "field key", "clock", "redis", "files", "lines", "search index"} <= set(
        checks
    )


def test_a_redis_that_is_away_is_named_and_takes_no_web_out_of_service(client, app, monkeypatch):
    away = app.config["SETTINGS"].model_copy(update={"redis_url": "redis://:a-secret@127.0.0.1:1/0"})
    monkeypatch.setitem(app.config, "SETTINGS", away)
    status, word, checks = asked(client)
    assert (status, word) == (200, "degraded")
    assert checks["redis"] == {"ok": False, "error": "ConnectionError", "remark": ""}


def test_what_a_library_says_of_hosts_and_users_stands_in_the_log_and_not_on_the_page(
    client, monkeypatch, caplog
):
    def away() -> None:
        raise ConnectionError("no route to db-1.internal for user hotline")

    monkeypatch.setitem(health._checks, "database", away)
    for _ in range(3):
        status, word, checks = asked(client)
        assert (status, word) == (503, "not ready")
        assert checks["database"] == {"ok": False, "error": "ConnectionError", "remark": ""}
    told = [record for record in caplog.records if "db-1.internal" in str(record.msg)]
    assert len(told) == 1
    monkeypatch.setitem(health._checks, "database", lambda: None)
    assert asked(client)[0] == 200


def test_room_that_ends_is_told_while_something_still_goes_in(client, monkeypatch):
    free = shutil.disk_usage("/").free
    monkeypatch.setattr(health, "LEAST_ROOM", free * 1000)
    status, word, checks = asked(client)
    assert (status, word) == (200, "degraded")
    assert checks["files"]["remark"].startswith("room in VAR_DIR ends: ")


def at_revision(number: str) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
    db.session.commit()


def test_a_database_that_is_behind_takes_the_web_out_of_service(client):
    at_revision("0001")
    status, _word, checks = asked(client)
    assert status == 503
    assert "./manage db upgrade" in checks["migrations"]["remark"]


def test_a_database_ahead_of_us_does_not_for_machines_are_brought_up_to_date_one_by_one(client):
    at_revision("9000")
    status, _word, checks = asked(client)
    assert status == 200
    assert checks["migrations"]["remark"] == f"9000, newer than this program's {migrations.newest()}"


def test_a_clock_that_runs_away_is_told_long_before_signatures_fail(client, monkeypatch):
    true = city_clock.now
    monkeypatch.setattr(health.clock, "now", lambda: true() + timedelta(minutes=4))
    status, word, checks = asked(client)
    assert (status, word) == (200, "degraded")
    assert checks["clock"]["remark"] == "this machine's clock is 240 s ahead of the database's"


def test_another_field_key_than_the_databases_takes_the_web_out_of_service(client, app, monkeypatch):
    key_mark.held()
    assert asked(client)[0] == 200
    other = app.config["SETTINGS"].model_copy(update={"field_key": "22" * 32})
    monkeypatch.setitem(app.config, "SETTINGS", other)
    status, _word, checks = asked(client)
    assert status == 503
    assert checks["field key"]["remark"].startswith("FIELD_KEY is not the one")


@pytest.mark.parametrize("program", ["clock", "worker"])
def test_clock_and_worker_do_not_start_with_another_field_key(committed, program):
    key_mark.held()
    found = committed.config["SETTINGS"]
    environment = {
        "DATABASE_URL": found.database_url,
        "REDIS_URL": found.redis_url,
        "VAR_DIR": str(found.var_dir),
        "FIELD_KEY": "22" * 32,
        "SECRET_KEY": "x",
        "TELEPHONY_SECRET": "x",
        "SEARCH_BY_MEANING": "0",
        "PORT": "1",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-m", "config", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "FIELD_KEY is not the one this database was written with" in done.stderr
