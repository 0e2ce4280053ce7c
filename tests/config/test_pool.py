"""A database that was restarted is not noticed by whoever comes next."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, create_engine, text

from config import pool
from tests.support.servers import Servers


def fresh_engine(app: Flask) -> Engine:
    return create_engine(app.config["SETTINGS"].database_url, pool_size=3, pool_events=pool.EVENTS)


def backend_of(engine: Engine) -> int:
    with engine.connect() as link:
        return int(link.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_is_used_again_without_a_question(app: Flask):
    engine = fresh_engine(app)
    assert backend_of(engine) == backend_of(engine)
    engine.dispose()


def test_a_connection_the_server_closed_is_replaced_unseen(app: Flask, test_servers: Servers):
    engine = fresh_engine(app)
    lost = backend_of(engine)
    with test_servers.admin() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (lost,))
    assert backend_of(engine) != lost
    engine.dispose()


def test_all_connections_of_that_age_are_replaced_with_it(app: Flask, test_servers: Servers):
    engine = fresh_engine(app)
    links = [engine.connect() for _ in range(3)]
    before = {int(link.execute(text("SELECT pg_backend_pid()")).scalar_one()) for link in links}
    for link in links:
        link.close()
    with test_servers.admin() as admin:
        for backend in before:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    links = [engine.connect() for _ in range(3)]
    after = {int(link.execute(text("SELECT pg_backend_pid()")).scalar_one()) for link in links}
    assert len(after) == 3
    assert not before & after
    for link in links:
        link.close()
    engine.dispose()


def test_one_that_rested_for_long_is_asked_though_its_end_says_nothing(
    app: Flask, test_servers: Servers, monkeypatch
):
    engine = fresh_engine(app)
    lost = backend_of(engine)
    monkeypatch.setattr(pool, "RESTED", 0.0)
    monkeypatch.setattr(pool, "_is_spoken_to", lambda _link: False)
    assert backend_of(engine) == lost
    with test_servers.admin() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (lost,))
    assert backend_of(engine) != lost
    engine.dispose()
