"""The audit trail cannot be altered unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from accounts import audit, jobs
from accounts.models import AuditCheck, AuditEntry, ChainFault
from accounts.services import checking, sealing
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
    """As somebody would who may do anything to the database; the id of a row put in."""
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    done = db.session.execute(text(statement), values)
    made = done.scalar() if done.returns_rows else None
    db.session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    db.session.commit()
    return made


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


SWAP = """
UPDATE audit_entry SET seal_no = CASE id WHEN :one THEN (SELECT seal_no FROM audit_entry WHERE id = :other)
                                         ELSE (SELECT seal_no FROM audit_entry WHERE id = :one) END
WHERE id IN (:one, :other)
"""
INSERT = """
INSERT INTO audit_entry (at, verb, person_name, subject_type, subject_id, detail, request_id, address, seal_no, seal)
SELECT at, verb, person_name, subject_type, subject_id, detail, request_id, address, {number}, {seal}
FROM audit_entry WHERE id = :id RETURNING id
"""


def end_of_chain() -> int:
    return db.session.scalar(select(func.max(AuditEntry.seal_no))) or 0


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_row_taken_out_is_noticed_at_the_next_one(entries, place):
    gone, following = entries[place].id, entries[place + 1].id
    tamper("DELETE FROM audit_entry WHERE id = :id", id=gone)
    verdict = sealing.verify()
    assert (verdict.broken_id, verdict.fault, verdict.checked) == (following, ChainFault.MISSING, place)


def test_two_rows_that_changed_places_are_noticed_at_the_first(entries):
    tamper("ALTER TABLE audit_entry DROP CONSTRAINT uq_audit_entry_seal_no")
    tamper(SWAP, one=entries[1].id, other=entries[4].id)
    verdict = sealing.verify()
    assert (verdict.broken_id, verdict.fault) == (entries[4].id, ChainFault.ALTERED)


def test_a_row_put_in_between_is_noticed_where_it_stands(entries):
    tamper("UPDATE audit_entry SET seal_no = seal_no + 100 WHERE seal_no > 3")
    tamper("UPDATE audit_entry SET seal_no = seal_no - 99 WHERE seal_no > 3")
    put_in = tamper(INSERT.format(number=4, seal="sha256('forged')"), id=entries[2].id)
    verdict = sealing.verify()
    assert (verdict.broken_id, verdict.fault, verdict.checked) == (put_in, ChainFault.ALTERED, 3)


def test_a_row_put_on_the_end_with_a_seal_of_its_own_is_noticed(entries):
    put_on = tamper(INSERT.format(number=end_of_chain() + 1, seal="seal"), id=entries[2].id)
    assert (sealing.verify().broken_id, sealing.verify().fault) == (put_on, ChainFault.ALTERED)


@pytest.mark.parametrize(("number", "seal"), [("0", "seal"), ("-7", "NULL"), ("NULL", "seal")])
def test_a_row_that_no_walk_comes_by_is_noticed_all_the_same(entries, number, seal):
    beside = tamper(INSERT.format(number=number, seal=seal), id=entries[2].id)
    checking.seal_what_waits()
    verdict = sealing.verify()
    assert (verdict.broken_id, verdict.fault) == (beside, ChainFault.BESIDE)


def test_a_number_after_which_nothing_can_be_sealed_does_not_hinder_the_check(entries):
    last = tamper(INSERT.format(number=2**63 - 1, seal="seal"), id=entries[2].id)
    audit.record("session:open", make_person())
    db.session.commit()
    checking.seal_what_waits()
    verdict = sealing.verify()
    assert (verdict.broken_id, verdict.fault) == (last, ChainFault.MISSING)


def checked() -> AuditCheck:
    jobs.check_audit()
    return db.session.scalars(select(AuditCheck).order_by(AuditCheck.id.desc())).first()


def test_an_end_cut_off_is_noticed_by_the_next_check_though_that_adds_a_row_itself(entries):
    assert checked().whole
    tamper("DELETE FROM audit_entry WHERE seal_no = :n", n=end_of_chain())
    found = checked()
    assert (found.whole, found.why) == (False, ChainFault.REPLACED)
    assert found.broken_id == db.session.scalar(select(func.max(AuditEntry.id)))


def test_an_end_in_whose_place_others_grew_is_noticed_where_it_was_last_seen(entries):
    assert checked().whole
    seen = end_of_chain()
    tamper("DELETE FROM audit_entry WHERE seal_no > 3")
    for _ in range(10):
        audit.record("session:open", make_person())
    db.session.commit()
    found = checked()
    there = db.session.scalar(select(AuditEntry.id).where(AuditEntry.seal_no == seen))
    assert (found.why, found.broken_id) == (ChainFault.REPLACED, there)


def test_an_end_cut_off_from_everything_is_noticed(entries):
    checked()
    tamper("DELETE FROM audit_entry")
    verdict = sealing.verify(checking.known_once())
    assert (verdict.whole, verdict.broken_id, verdict.fault) == (False, None, ChainFault.SHORT)


def test_what_the_log_said_tells_of_an_end_cut_off_before_any_check(entries, app):
    number, seal = entries[-1].seal_no, bytes(entries[-1].seal).hex()
    tamper("DELETE FROM audit_entry WHERE seal_no > 3")
    for _ in range(10):
        audit.record("session:open", make_person())
    db.session.commit()
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "verify"]).exit_code == 0, "nobody who has only the database can know"
    found = run(args=["audit", "verify", "--at-least", str(number), "--seal", seal])
    assert found.exit_code == 1
    assert "replaced" in found.output
    assert run(args=["audit", "verify", "--seal", "x"]).exit_code == 1


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
