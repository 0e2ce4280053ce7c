"""The trail, for the eyes of the auditor, and its check in the background."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from accounts import audit, jobs
from accounts.models import AuditCheck, AuditEntry, SignInSession
from accounts.roles import Role
from accounts.services import checking, sealing
from accounts.services.sessions import open_session
from config.errors import Refused
from config.extensions import db
from tests.factories.accounts import make_person


@pytest.fixture
def auditor(app):
    return make_person([Role.AUDITOR], login="auditor", totp_exempt=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("verb=session:lock", True),
        ("verb=token:create", False),
        ("login=zhangmin", True),
        ("login=nobody", False),
        ("subject=case:1024", True),
        ("subject=case", True),
        ("subject=case:1", False),
        ("since=2026-11-23&until=2026-11-23", True),
        ("until=2026-11-22", False),
        ("since=rubbish&until=0001-01-01&cursor=%00&verb=%00", True),
    ],
)
def test_the_trail_is_narrowed(auditor, sign_in, clock, query, found):
    audit.record("session:lock", make_person(login="zhangmin"), ("case", 1024), {"told": "<b>so</b>"})
    db.session.commit()
    page = sign_in(auditor).get(f"/administration/audit?{query}")
    assert page.status_code == 200
    assert ("&lt;b&gt;so&lt;/b&gt;" in page.text) is found
    assert "<b>so</b>" not in page.text


def test_rows_say_what_they_are_about_in_the_readers_words(auditor, sign_in):
    audit.record("person:create", None, ("person", 7), {"login": "li", "roles": ["agent"], "unheard_of": 1})
    db.session.commit()
    page = sign_in(auditor).get("/administration/audit").text
    assert "人员 7" in page
    assert "话务员" in page
    assert "unheard_of" in page, "what has no name is shown all the same"


def test_a_check_is_asked_for_runs_and_says_what_it_found(auditor, sign_in, monkeypatch):
    asked = []
    monkeypatch.setattr(checking, "_enqueue", asked.append)
    here = sign_in(auditor)
    assert here.post("/administration/audit/check").status_code == 302
    assert "hx-trigger" in here.get("/administration/audit/check").text
    assert here.post("/administration/audit/check").status_code == 409, "one check at a time"
    jobs.check_audit_now(asked[0])
    assert "alert good" in here.get("/administration/audit/check").text
    assert db.session.query(AuditCheck).one().whole


def test_a_broken_chain_is_shown_with_its_row(auditor, sign_in):
    sealing.seal_all()
    first = db.session.query(AuditEntry).order_by(AuditEntry.seal_no).first()
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text("UPDATE audit_entry SET person_name = 'x' WHERE id = :id"), {"id": first.id})
    db.session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    db.session.expire_all()
    jobs.check_audit()
    page = sign_in(auditor).get("/administration/audit").text
    assert "alert late" in page
    assert f"第 {first.id} 行" in page


def test_a_second_check_waits_for_the_first(auditor):
    checking.begin_check(auditor)
    with pytest.raises(Refused):
        checking.ask_for_check(auditor)


def test_sessions_that_ended_by_themselves_say_so_and_go_in_the_end(auditor, clock):
    open_session(auditor)
    clock.advance(minutes=31)
    jobs.tidy()
    kept = db.session.query(SignInSession).one()
    assert kept.ended_why == "unused"
    clock.advance(days=181)
    jobs.tidy()
    assert db.session.query(SignInSession).count() == 0
