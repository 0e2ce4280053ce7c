"""The audit trail cannot be altered unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from accounts import audit
from accounts.models import AuditEntry
from accounts.services import sealing
from config.extensions import db
from tests.factories.accounts import make_person


@pytest.fixture
def entries(app):
    person = make_person()
    for _ in range(6):
        audit.record("session:open", person, ("person", person.id))
    db.session.commit()
    sealing.seal_all()
    return list(db.session.query(AuditEntry).order_by(AuditEntry.seal_no))


def tamper(statement: str, **values):
    """As somebody would who may do anything to the database."""
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text(statement), values)
    db.session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    db.session.expire_all()


def test_an_untouched_chain_is_whole(entries):
    verdict = sealing.verify()
    assert verdict.whole
    assert (verdict.checked, verdict.unsealed) == (len(entries), 0)


def test_rows_written_later_are_chained_on(entries):
    audit.record("session:open", make_person())
    db.session.commit()
    assert sealing.verify().unsealed > 0
    sealing.seal_all()
    verdict = sealing.verify()
    assert verdict.whole
    assert verdict.checked == len(entries) + 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET person_name = 'somebody else' WHERE id = :id",
        "UPDATE audit_entry SET at = at - interval '1 hour' WHERE id = :id",
        "UPDATE audit_entry SET detail = '{\"x\": 1}' WHERE id = :id",
    ],
)
def test_the_first_altered_row_is_named(entries, statement):
    tamper(statement, id=entries[2].id)
    assert sealing.verify().broken_id == entries[2].id


def test_a_row_taken_out_is_noticed_at_the_next_one(entries):
    gone, following = entries[2].id, entries[3].id
    tamper("DELETE FROM audit_entry WHERE id = :id", id=gone)
    verdict = sealing.verify()
    assert verdict.broken_id == following
    assert "missing" in verdict.why


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET verb = 'x:y'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_the_database_refuses_to_change_the_trail(entries, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))


def test_a_sealed_row_cannot_be_sealed_anew(entries):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(update(AuditEntry).where(AuditEntry.id == entries[0].id).values(seal=b"forged"))


def test_a_verb_nobody_declared_is_a_mistake(app):
    with pytest.raises(ValueError, match="declared"):
        audit.record("nothing:known", None)
