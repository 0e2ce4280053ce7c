"""The migrations and the models describe the same database, triggers included."""

from __future__ import annotations

import secrets

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from config import migrations
from config.extensions import db

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


def test_the_newest_revision_is_known_without_alembic(app):
    assert ScriptDirectory(str(migrations.FOLDER)).get_heads() == [migrations.newest()]
    assert migrations.current() == migrations.newest()
