"""Guessing gets nowhere: accounts rest, addresses rest, and strangers learn nothing."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from accounts.models import AddressAttempts, AuditEntry, Person
from accounts.roles import Role
from accounts.services import attempts, second_factor, signing
from accounts.services.rights import grant_role
from config.extensions import db
from config.settings import settings
from config.transaction import transaction
from tests.factories.accounts import make_person

PASSWORD = "Correct-horse-9"


@pytest.fixture
def person(app):
    return make_person([Role.AGENT], login="zhangmin", password=PASSWORD)


def sign_in(client, login="zhangmin", password=PASSWORD, address="10.0.0.1"):
    return client.post(
        "/sign-in", data={"login": login, "password": password}, environ_overrides={"REMOTE_ADDR": address}
    ).status_code


def test_one_password_tried_on_many_accounts_makes_the_address_wait(client, person, clock):
    for n in range(settings().lockout_attempts * attempts.ADDRESS_FACTOR):
        assert sign_in(client, f"someone{n}", "nope") == 401
    assert sign_in(client) == 401, "the right password does not help from there"
    assert sign_in(client, address="10.0.0.2") == 302, "others are not concerned"
    assert person.failed_attempts == 0
    clock.advance(minutes=settings().lockout_minutes + 1)
    assert sign_in(client) == 302


def test_failures_of_last_week_do_not_count_today(client, person, clock):
    limit = settings().lockout_attempts * attempts.ADDRESS_FACTOR
    for n in range(limit - 1):
        sign_in(client, f"someone{n}", "nope")
    clock.advance(minutes=settings().lockout_minutes + 1)
    sign_in(client, "someone", "nope")
    assert db.session.query(AddressAttempts).one().failures == 1
    assert sign_in(client) == 302


def test_a_right_password_forgets_the_wrong_ones_before_it(client, person):
    for _round in range(3):
        for _try in range(settings().lockout_attempts - 1):
            sign_in(client, password="nope")
        assert sign_in(client) == 302
        client.post("/sign-out")


def test_the_trail_tells_of_refusals_and_locks(client, person):
    for _try in range(settings().lockout_attempts):
        sign_in(client, password="nope")
    sign_in(client)
    told = [row.verb for row in db.session.query(AuditEntry).filter_by(subject_id=str(person.id))]
    assert told.count("session:lock") == 1
    assert told.count("session:refuse") == settings().lockout_attempts
    assert "session:open" not in told


@pytest.mark.parametrize("login", ["\x00", "zhang\x00min", "' or 1=1 --", "x" * 5000, "张敏", "\ud83d"])
def test_rubbish_for_a_login_is_only_wrong(client, person, login):
    login = login.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert sign_in(client, login, "nope") in (401, 422)


def test_a_stranger_is_refused_as_slowly_as_a_known_person(app, person):
    """No login can be told from no answer: both cost one argon2 verification."""

    def took(login: str) -> float:
        began = time.perf_counter()
        with pytest.raises(signing.SignInRefused):
            signing.check_password(login, "nope")
        return time.perf_counter() - began

    took("zhangmin")
    known = min(took("zhangmin") for _n in range(3))
    unknown = min(took("nobody-at-all") for _n in range(3))
    assert unknown > known / 3


def test_a_person_without_password_cannot_sign_in_with_an_empty_one(client, app):
    make_person(login="nopassword")
    assert sign_in(client, "nopassword", "") == 422
    with pytest.raises(signing.SignInRefused):
        signing.check_password("nopassword", "")


def test_of_two_requests_with_the_same_code_one_gets_in(committed, clock):
    import pyotp

    from config import clock as config_clock

    person = make_person([Role.AUDITOR])
    person_id, secret = person.id, second_factor.new_secret()
    second_factor.enrol(person, secret, pyotp.TOTP(secret).at(clock.at))
    clock.advance(minutes=2)
    code, at, results = pyotp.TOTP(secret).at(clock.at), clock.at, []
    barrier = threading.Barrier(4)

    def come() -> None:
        with committed.app_context(), config_clock.turned_to(at):
            somebody = db.session.get(Person, person_id)
            barrier.wait()
            results.append(second_factor.check(somebody, code))
            db.session.remove()

    threads = [threading.Thread(target=come) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]


def test_a_long_transaction_that_tells_of_a_person_does_not_shut_them_out(committed):
    """A row that refers to a person (an import's, a history's) holds `FOR KEY SHARE` until its commit."""
    person_id = make_person([Role.PLANNER], login="fanzq", password=PASSWORD).id
    admin = make_person([Role.SECURITY_ADMIN])
    with db.engine.begin() as elsewhere:
        elsewhere.execute(text("SELECT 1 FROM person WHERE id = :id FOR KEY SHARE"), {"id": person_id})
        with transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            person = signing.check_password("fanzq", PASSWORD)
            second_factor.check(person, "000000")
            grant_role(admin, person, Role.QC_INSPECTOR, None)
