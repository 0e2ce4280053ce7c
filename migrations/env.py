"""How migrations meet the database: one at a time, in one transaction, and in nobody's way."""

from __future__ import annotations

import time
from typing import Any

import structlog
from alembic import context
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from config.crypto import Encrypted
from config.extensions import db

log = structlog.get_logger("hotline.migrations")

# Any number of machines may start at once; the first migrates, the others wait and find nothing left to do.
LOCK = 12345

# Who wants to change a table stands in the line for it, and everybody who only wants to read it stands behind: while a
# backup runs, calls would wait for its end. So a migration stands aside after a moment, and comes again.
IN_LINE = "2s"
ASIDE = 3.0
TIMES = 600


def render_item(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Types of ours are plain types in a migration: it must still run when the class is long gone."""
    if kind == "type" and isinstance(thing, Encrypted):
        return "sa.LargeBinary()"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        # An index over years of calls takes longer than a page may.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(text(f"SET lock_timeout = '{IN_LINE}'"))
        connection.commit()
        try:
            for _ in range(TIMES):
                try:
                    migrate(connection)
                    break
                except OperationalError as error:
                    if not isinstance(error.orig, LockNotAvailable):
                        raise
                    connection.rollback()
                    log.warning("migration_stands_aside", why="others hold the table", again_in=ASIDE)
                    time.sleep(ASIDE)
            else:
                migrate(connection)
        finally:
            connection.rollback()
            for one in (
                "RESET lock_timeout",
                "RESET statement_timeout",
                f"SELECT pg_advisory_unlock({LOCK})",
            ):
                connection.execute(text(one))
            connection.commit()


def migrate(connection: Connection) -> None:
    """What was done stays done: each migration is a transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
