"""The migrations and the models describe the same database, triggers included."""

from __future__ import annotations

import secrets
import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from config import migrations
from config.embedded.processes import wait_until
from config.extensions import db
from tests.conftest import build_app, make_settings

TRIGGERS = """
SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal ORDER BY 1, 2
"""
CHECKS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('c', 'x') AND conrelid <> 0 ORDER BY 1, 2
"""
INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2
"""


LOCKS_OF_OURS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database()
"""
WAITS_IN_LINE = """
SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = %s AND NOT l.granted
"""


def test_a_migrated_database_has_what_the_models_say(app):
    connection = db.session.connection()
    assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


def test_triggers_checks_and_indexes_of_both_are_the_same(app, test_servers):
    name = f"plain_{secrets.token_hex(4)}"
    with test_servers.admin() as link:
        link.execute(f"CREATE DATABASE {name}")
    engine = create_engine(test_servers.url_of(name))
    try:
        db.metadata.create_all(engine)
        migrated = db.session.connection()
        with engine.connect() as plain:
            for question in (TRIGGERS, CHECKS, INDEXES):
                assert migrated.execute(text(question)).all() == plain.execute(text(question)).all()
    finally:
        engine.dispose()
        with test_servers.admin() as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_migration_stands_aside_for_who_holds_the_table_and_comes_again(app, test_servers):
    name = f"held_{secrets.token_hex(4)}"
    with test_servers.admin() as link:
        link.execute(f"CREATE DATABASE {name}")
    migrating = build_app(make_settings(test_servers, name, 15))
    migrations.upgrade(migrating)
    engine = create_engine(test_servers.url_of(name))
    try:
        with engine.connect() as holder:
            holder.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
            beside = threading.Thread(target=migrations.upgrade, args=(migrating,))
            beside.start()
            with test_servers.admin() as link:
                in_line = lambda: bool(link.execute(WAITS_IN_LINE, [name]).fetchone())  # noqa: E731
                wait_until(in_line, 60, "the migration, in line for the table")
                wait_until(lambda: not in_line(), 60, "the migration, standing aside")
            holder.rollback()
        beside.join(60)
        assert not beside.is_alive()
        with engine.connect() as link:
            assert link.scalar(text("SELECT version_num FROM alembic_version")) == migrations.newest()
            assert link.scalar(text(LOCKS_OF_OURS)) == 0
    finally:
        engine.dispose()
        with migrating.app_context():
            db.engine.dispose()
        with test_servers.admin() as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_program_before_can_go_on_writing_while_machines_are_upgraded_one_by_one():
    """A new column that must have a value keeps the one the database gives: who does not know it says nothing of it."""
    for path in sorted((migrations.FOLDER / "versions").glob("*.py")):
        number = path.name[:4]
        if number > "0030":
            assert "server_default=None" not in path.read_text(), f"{path.name}: keep the server's default"


def test_the_newest_revision_is_known_without_alembic(app):
    assert ScriptDirectory(str(migrations.FOLDER)).get_heads() == [migrations.newest()]
    assert migrations.current() == migrations.newest()
