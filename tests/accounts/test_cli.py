"""The commands of this floor."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from accounts.models import ApiToken, AuditEntry, Person
from accounts.queries import department_by_code
from accounts.roles import Role
from accounts.services.tokens import authenticate
from config.extensions import db
from tests.factories.accounts import make_department, make_person


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_the_first_administrators_come_from_the_command_line(run, client):
    done = run("people", "create", "root", "许诺", "--role", "system_admin")
    assert done.exit_code == 0, done.output
    password = done.output.split()[-1]
    assert db.session.query(Person).filter_by(login="root").one().roles == {Role.SYSTEM_ADMIN}
    answer = client.post("/sign-in", data={"login": "root", "password": password})
    assert answer.location == "/sign-in/enrolment"


def test_two_powers_for_one_person_are_refused_there_too(run):
    refused = run("people", "create", "both", "两权", "--role", "auditor", "--role", "security_admin")
    assert refused.exit_code == 1
    assert db.session.query(Person).count() == 0


def test_a_token_is_printed_once(run, app):
    done = run("tokens", "create", "市监局", "--scope", "cases:read", "--days", "30")
    plain = done.output.strip()
    with app.test_request_context("/", headers={"Authorization": f"Bearer {plain}"}):
        assert authenticate("cases:read").id == db.session.query(ApiToken).one().id


def test_verify_names_the_first_broken_row_and_fails(run):
    make_person()
    make_person()
    db.session.commit()
    whole = run("audit", "verify")
    assert whole.exit_code == 0
    assert "2 rows checked" in whole.output
    first = db.session.query(AuditEntry).order_by(AuditEntry.id).first().id
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text("UPDATE audit_entry SET verb = 'case:sign' WHERE id = :id"), {"id": first})
    db.session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    db.session.expire_all()
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert f"row {first}" in broken.output
    assert run("audit", "verify", "--at-least", "9").exit_code == 1


def test_departments_go_out_and_come_in(run, tmp_path):
    make_department("市政府", code="city")
    make_person([Role.SYSTEM_ADMIN], login="xunuo")
    exported = run("departments", "export").output
    path = tmp_path / "departments.csv"
    path.write_text(exported + "new,新单位,,terminal,bureau,city,1,,\nbad,坏,,foo,,,,,\n")
    tried = run("departments", "import", str(path), "--by", "xunuo", "--dry-run")
    assert "would be added 1" in tried.output
    assert department_by_code("new") is None
    done = run("departments", "import", str(path), "--by", "xunuo")
    assert done.exit_code == 1, "a refused row is a failure to whoever scripts this"
    assert "line 4" in done.output
    assert department_by_code("new").parent.code == "city"
    assert run("departments", "import", str(path), "--by", "nobody").exit_code == 1
