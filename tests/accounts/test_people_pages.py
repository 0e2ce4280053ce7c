"""Administration of people, through the pages."""

from __future__ import annotations

import re

import pytest

from accounts.models import Person
from accounts.queries import live_sessions
from accounts.roles import Role
from accounts.services import second_factor
from accounts.services.passwords import verify_password
from accounts.services.sessions import open_session
from config.extensions import db
from tests.factories.accounts import make_department, make_person

SECRET = re.compile(r'data-copy="([^"]+)"')


@pytest.fixture
def system(app, sign_in):
    return sign_in(make_person([Role.SYSTEM_ADMIN], totp_exempt=True))


@pytest.fixture
def security(app, sign_in):
    return sign_in(make_person([Role.SECURITY_ADMIN], totp_exempt=True))


def test_a_new_person_signs_in_with_the_password_that_was_shown_once(system, client):
    office = make_department("城管局")
    shown = system.post(
        "/administration/people/new",
        data={"login": "ouyang", "name": "欧阳新", "department": office.id, "phone": "13912340042"},
    )
    assert shown.status_code == 200
    password = SECRET.search(shown.text).group(1)
    made = db.session.query(Person).filter_by(login="ouyang").one()
    assert (made.department, made.roles, made.phone) == (office, frozenset(), "+8613912340042")
    assert password not in made.password_hash
    entered = client.post("/sign-in", data={"login": "ouyang", "password": password})
    assert entered.status_code == 302
    assert client.get("/account").location == "/account/password"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("login", "A b"),
        ("login", "x"),
        ("login", "\x00\x00"),
        ("name", " "),
        ("phone", "12"),
        ("name", "n" * 81),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(system, field, value):
    data = {"login": "ouyang", "name": "欧阳新", "department": "", "staff_no": "A-7", field: value}
    answer = system.post("/administration/people/new", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "A-7" in answer.text


def test_a_login_is_given_once(system):
    make_person(login="taken")
    answer = system.post("/administration/people/new", data={"login": "taken", "name": "某人"})
    assert answer.status_code == 422


def test_saving_a_person_unchanged_changes_nothing(system):
    office = make_department()
    person = make_person([Role.AGENT], office, name="张敏", staff_no="007")
    page = system.get(f"/administration/people/{person.id}/edit")
    assert f'selected value="{office.id}"' in page.text
    system.post(
        f"/administration/people/{person.id}/edit",
        data={"name": "张敏", "staff_no": "007", "department": office.id, "phone": ""},
    )
    assert (person.name, person.staff_no, person.department) == ("张敏", "007", office)
    assert person.roles == {Role.AGENT}


def test_an_administrator_of_a_branch_sees_nobody_else(app, sign_in):
    branch = make_department()
    admin = sign_in(make_person([Role.SYSTEM_ADMIN], branch, totp_exempt=True))
    mine = make_person(department=make_department(parent=branch), login="mine")
    other = make_person(department=make_department(), login="faraway")
    listed = admin.get("/administration/people").text
    assert "mine" in listed
    assert "faraway" not in listed
    assert admin.get(f"/administration/people/{mine.id}").status_code == 200
    assert admin.get(f"/administration/people/{other.id}").status_code == 404
    moved = admin.post(f"/administration/people/{mine.id}/edit", data={"name": "x", "department": ""})
    assert moved.status_code == 422
    assert mine.department is not None


def test_a_new_password_ends_the_sessions_and_the_old_password(security):
    person = make_person(password="Correct-horse-9")
    open_session(person)
    shown = security.post(f"/administration/people/{person.id}/password")
    password = SECRET.search(shown.text).group(1)
    assert verify_password(person.password_hash, password)
    assert not verify_password(person.password_hash, "Correct-horse-9")
    assert person.must_change_password
    assert not db.session.scalars(live_sessions(person)).all()


def test_who_is_sent_away_is_out_at_once_and_may_be_taken_back(security, sign_in):
    person = make_person([Role.AGENT])
    theirs = sign_in(person)
    assert theirs.get("/account").status_code == 200
    security.post(f"/administration/people/{person.id}/active", data={"active": "0"})
    assert theirs.get("/account").status_code == 302
    security.post(f"/administration/people/{person.id}/active", data={"active": "1"})
    assert person.active


def test_the_system_administrator_resets_a_lost_telephone_but_no_password(system):
    person = make_person([Role.AUDITOR])
    person.totp_secret = second_factor.new_secret()
    db.session.commit()
    assert system.post(f"/administration/people/{person.id}/second-factor").status_code == 302
    assert person.totp_secret is None
    assert system.post(f"/administration/people/{person.id}/password").status_code == 403


def test_roles_are_granted_and_withdrawn_on_the_page(security):
    office, person = make_department(), make_person()
    granted = security.post(
        f"/administration/people/{person.id}/rights", data={"role": "case_officer", "department": office.id}
    )
    assert granted.status_code == 302
    assert person.roles == {Role.CASE_OFFICER}
    grant = person.grants[0]
    security.post(f"/administration/people/{person.id}/rights/{grant.id}/withdraw")
    assert person.roles == frozenset()


def test_a_right_for_the_whole_city_is_never_granted_by_an_empty_field(security):
    person = make_person()
    answer = security.post(
        f"/administration/people/{person.id}/rights", data={"role": "case_officer", "department": ""}
    )
    assert answer.status_code == 422
    assert person.roles == frozenset()


@pytest.mark.parametrize(
    "query",
    [
        "role=nobody",
        "cursor=%00",
        "cursor=abc",
        "text=%00%25_",
        "department=nowhere",
        "shown=x",
        "text=" + "x" * 999,
    ],
)
def test_the_list_survives_rubbish(security, query):
    assert security.get(f"/administration/people?{query}").status_code == 200


def test_the_list_is_paged_and_asks_the_database_a_fixed_number_of_questions(security, count_queries):
    office = make_department()
    for _n in range(30):
        make_person([Role.AGENT, Role.CALLBACK_AGENT], office)
    with count_queries() as queries:
        first = security.get("/administration/people")
    assert 'rel="next"' in first.text
    assert len(queries) <= 12
