"""Real PostgreSQL, real Redis, a transaction per test.

Each worker has a database of its own, copied from one template. A test runs inside an outer transaction that
is rolled back: the commits of services become savepoints. A test that needs real commits (several connections,
threads, processes) asks for `committed`, which empties the tables afterwards.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg.errors import DeadlockDetected
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from config import calendar, clock, ids, migrations
from config.extensions import db, redis_client
from config.settings import Settings
from tests.support.servers import Servers, only_one, publish, received, servers

hypothesis_settings.register_profile(
    "ci",
    max_examples=40,
    deadline=None,  # the machine is shared: slow is not wrong
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("ci")

TEMPLATE = "hotline_template"
_SERVERS: pytest.StashKey[tuple[Any, Servers]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    opened = servers()
    config.stash[_SERVERS] = (opened, opened.__enter__())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _SERVERS in config.stash:
        config.stash[_SERVERS][0].__exit__(None, None, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["servers"] = publish(node.config.stash[_SERVERS][1])


@pytest.fixture(scope="session")
def test_servers(request: pytest.FixtureRequest) -> Servers:
    if hasattr(request.config, "workerinput"):
        return received(request.config.workerinput["servers"])
    return request.config.stash[_SERVERS][1]


def make_settings(found: Servers, database: str, worker: int, **changes: Any) -> Settings:
    """The settings of a test's app; `changes` by name."""
    return Settings(
        **{
            "var_dir": found.folder / f"var-{database}",
            "database_url": found.url_of(database),
            "redis_url": found.redis_url.removesuffix("/0") + f"/{worker}",
            "secret_key": "a test's secret, not a secret",
            "telephony_secret": "the switch's secret in a test",
            "field_key": "11" * 32,
            "log_level": "WARNING",
            "web_threads": 64,
            "search_by_meaning": False,  # tests that are about it turn it on
            "demo": True,
            **changes,
        }
    )


class FreshClient(FlaskClient):
    """Each request begins with an empty `g`, as it does in service; the test's own app context has one that stays. It
    reads each answer to its end, which is when a server is done with it."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> Any:
        if has_app_context():
            for name in list(g):
                g.pop(name)
        return super().open(*args, buffered=buffered, **kwargs)


def build_app(found: Settings) -> Flask:
    from wsgi import FLOORS, create_app

    wanted = os.environ.get("TEST_FLOORS")
    app = create_app(found, floors=tuple(f for f in wanted.split(",") if f) if wanted is not None else FLOORS)
    app.test_client_class = FreshClient
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, RAISE_UNEXPECTED=True)
    return app


@pytest.fixture(scope="session")
def template_database(test_servers: Servers) -> str:
    """A database with every table and the reference rows that migrations bring, made once per run."""
    with only_one(test_servers.folder, "template") as memory:
        if not memory:
            with test_servers.admin() as link:
                link.execute(f"CREATE DATABASE {TEMPLATE}")
            app = build_app(make_settings(test_servers, TEMPLATE, 15))
            migrations.upgrade(app)
            with app.app_context():
                for year in (2025, 2026):
                    calendar.seed_year(year)
                db.session.remove()
                db.engine.dispose()
            memory["done"] = True
    return TEMPLATE


@pytest.fixture(scope="session")
def database(test_servers: Servers, template_database: str) -> Iterator[Callable[[], str]]:
    """A maker of fresh databases: `database()` is the name of a new copy of the template."""
    made = []

    def copy() -> str:
        name = f"t_{secrets.token_hex(6)}"
        with only_one(test_servers.folder, "copying"), test_servers.admin() as link:
            link.execute(f"CREATE DATABASE {name} TEMPLATE {template_database} STRATEGY FILE_COPY")
        made.append(name)
        return name

    yield copy
    with test_servers.admin() as link:
        for name in made:
            link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0 … 13: which of Redis's numbered databases is this worker's."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 14


@pytest.fixture(scope="session")
def app(test_servers: Servers, database: Callable[[], str], worker_number: int) -> Iterator[Flask]:
    made = build_app(make_settings(test_servers, database(), worker_number))
    yield made
    with made.app_context():
        db.engine.dispose()  # a run that builds a second app lets go of this one, and would complain


@pytest.fixture(autouse=True)
def _one_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that uses the app runs in one transaction that is rolled back."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    if "committed" in request.fixturenames:
        with app.app_context():
            yield
            db.session.rollback()
            db.session.remove()
            _empty_tables()
        redis_flush(app)
        return
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        db._app_engines[app][None] = connection  # type: ignore[index,assignment]
        db.session.remove()
        options = {"join_transaction_mode": "create_savepoint"}
        db.session.configure(**options)
        try:
            yield
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            db._app_engines[app][None] = engine  # type: ignore[index]
            outer.rollback()
            connection.close()
            calendar.forget_cache()
    redis_flush(app)


def redis_flush(app: Flask) -> None:
    with app.app_context():
        redis_client().flushdb()


KEPT_TABLES = {"alembic_version", "calendar_day"}


def _empty_tables() -> None:
    names = [
        f'"{t.name}"' for t in db.metadata.sorted_tables if t.name not in KEPT_TABLES
    ]  # "case" is a word of SQL
    for tries_left in range(4, -1, -1):
        try:
            with db.engine.begin() as link:
                # Append-only tables refuse TRUNCATE by a trigger; a test's cleaning is the one who may.
                link.execute(text("SET LOCAL session_replication_role = replica"))
                link.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
            return
        except OperationalError as error:  # a socket that was just closed still asks something
            if not (isinstance(error.orig, DeadlockDetected) and tries_left):
                raise


@pytest.fixture
def committed(app: Flask) -> Flask:
    """Commits are real; the tables are emptied afterwards. For tests with threads and processes."""
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Any], FlaskClient]:
    """`sign_in(person)` → a client that is signed in as them."""
    from tests.support.people import signed_in_client

    return lambda person: signed_in_client(app, person)


class TurnableClock:
    """Time stands still, until the test lets it pass."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def advance(self, **amount: float) -> datetime:
        """`clock.advance(minutes=5)`."""
        return self.set(self.at + timedelta(**amount))

    def set(self, at: datetime) -> datetime:
        self.at = at
        clock._turned.set(at)
        return at


@pytest.fixture(name="clock")
def _clock(app: Flask) -> Iterator[TurnableClock]:
    """A Monday morning, 10:00 in the city, standing still."""
    start = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with clock.turned_to(start):
        yield TurnableClock(start)


@pytest.fixture(autouse=True)
def _same_chance() -> None:
    ids.random().seed(12345)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """`with count_queries() as queries: …; assert len(queries) <= 5`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting
