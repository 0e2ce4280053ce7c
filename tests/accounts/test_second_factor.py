"""Privileged people need a second factor; each code opens the door once."""

from __future__ import annotations

import pyotp
import pytest

from accounts.roles import Role
from accounts.services import second_factor
from config.settings import settings
from tests.factories.accounts import make_person

PASSWORD = "Correct-horse-9"


@pytest.fixture
def admin(app, clock):
    return make_person([Role.SYSTEM_ADMIN], login="root", password=PASSWORD)


def code_at(secret, clock):
    return pyotp.TOTP(secret).at(clock.at)


def give_password(client):
    return client.post("/sign-in", data={"login": "root", "password": PASSWORD})


def test_a_privileged_person_enrols_at_first_sign_in_and_then_needs_the_code(client, admin, clock):
    assert give_password(client).location == "/sign-in/enrolment"
    assert client.get("/account/password").status_code == 302, "half signed in is not signed in"
    assert client.get("/sign-in/enrolment").status_code == 200
    with client.session_transaction() as kept:
        secret = kept["new_secret"]
    assert client.post("/sign-in/enrolment", data={"code": "000000"}).status_code == 422
    shown = client.post("/sign-in/enrolment", data={"code": code_at(secret, clock)})
    assert shown.status_code == 200
    assert client.get("/account/password").status_code == 200
    client.post("/sign-out")

    clock.advance(minutes=2)
    assert give_password(client).location == "/sign-in/code"
    assert client.post("/sign-in/code", data={"code": code_at(secret, clock)}).status_code == 302
    assert client.get("/account/password").status_code == 200


def test_a_code_that_was_used_opens_nothing_again(admin, clock):
    secret = second_factor.new_secret()
    second_factor.enrol(admin, secret, code_at(secret, clock))
    assert not second_factor.check(admin, code_at(secret, clock))
    clock.advance(seconds=60)
    assert second_factor.check(admin, code_at(secret, clock))
    assert not second_factor.check(admin, code_at(secret, clock))


def test_a_recovery_code_opens_the_door_once(admin, clock):
    secret = second_factor.new_secret()
    codes = second_factor.enrol(admin, secret, code_at(secret, clock))
    assert second_factor.check(admin, codes[0].lower())
    assert not second_factor.check(admin, codes[0])


def test_guessing_codes_locks_the_account(client, admin, clock):
    secret = second_factor.new_secret()
    second_factor.enrol(admin, secret, code_at(secret, clock))
    give_password(client)
    for _ in range(5):
        client.post("/sign-in/code", data={"code": "123456"})
    assert client.post("/sign-in/code", data={"code": "123456"}).location == "/sign-in"


def test_people_of_a_demonstration_are_exempt_only_in_a_demonstration(app, monkeypatch):
    person = make_person([Role.AUDITOR], totp_exempt=True)
    assert not second_factor.needed(person)
    monkeypatch.setattr(settings(), "demo", False)
    assert second_factor.needed(person)


def test_who_has_no_privileged_role_signs_in_without_one(app):
    assert not second_factor.needed(make_person([Role.AGENT, Role.MANAGER]))


def test_the_half_way_state_does_not_last(client, admin, clock):
    give_password(client)
    clock.advance(minutes=6)
    assert client.get("/sign-in/enrolment").location == "/sign-in"
