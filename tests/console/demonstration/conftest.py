"""A small demonstration city with three days of history, written once for all these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import close_all_sessions

from config import clock
from config.extensions import db
from tests.conftest import build_app, make_settings
from tests.support.servers import Servers

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
"""A Tuesday, half past four in the afternoon in the city."""
DAYS, CASES = 3, 66


@dataclass(frozen=True)
class City:
    """`made` is what founding said; `told` what writing the history said."""

    made: dict[str, int]
    told: list[str]
    now: datetime = NOW


@pytest.fixture(scope="package")
def written(test_servers: Servers, database: Callable[[], str]) -> Iterator[tuple[object, City]]:
    from console.demonstration.city import found_city
    from console.demonstration.history import write_history

    app = build_app(make_settings(test_servers, database(), 13))
    told: list[str] = []
    with app.app_context(), clock.turned_to(NOW):
        made = found_city()
        write_history(DAYS, CASES, 1, say=told.append)
        db.session.remove()
        yield app, City(made, told)
        close_all_sessions()
        db.engine.dispose()


@pytest.fixture
def city(written: tuple[object, City]) -> City:
    """The city as it stands; what a test changes is not kept."""
    db.session.rollback()
    return written[1]
