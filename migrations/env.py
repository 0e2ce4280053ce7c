"""How migrations meet the database: one at a time, in one transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import text

from config.crypto import Encrypted
from config.extensions import db

# Any number of machines may start at once; the first migrates, the others wait and find nothing left to do.
LOCK = 12345


def render_item(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Types of ours are plain types in a migration: it must still run when the class is long gone."""
    if kind == "type" and isinstance(thing, Encrypted):
        return "sa.LargeBinary()"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        try:
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
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


run()
