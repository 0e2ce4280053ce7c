"""The door: who may come in, who must wait, and where they go."""

from __future__ import annotations

import pytest

from accounts.models import SignInSession
from accounts.roles import Role
from accounts.views.sign_in import safe_next
from config.extensions import db
from tests.factories.accounts import make_person

PASSWORD = "Correct-horse-9"


@pytest.fixture
def person(app):
    return make_person([Role.AGENT], login="zhangmin", password=PASSWORD)


def sign_in(client, login="zhangmin", password=PASSWORD, **more):
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def test_the_right_password_opens_the_door(client, person):
    answer = sign_in(client, next="/account/password")
    assert answer.status_code == 302
    assert answer.location == "/account/password"
    assert client.get("/account/password").status_code == 200


def test_a_wrong_password_and_a_stranger_get_the_same_answer(client, person):
    wrong, stranger = sign_in(client, password="nope"), sign_in(client, login="nobody", password="nope")
    assert wrong.status_code == stranger.status_code == 401
    assert "登录名或密码错误" in wrong.text
    assert "登录名或密码错误" in stranger.text


def test_after_too_many_tries_even_the_right_password_waits(client, person, clock):
    for _ in range(5):
        sign_in(client, password="nope")
    assert sign_in(client).status_code == 401
    clock.advance(minutes=16)
    assert sign_in(client).status_code == 302


def test_a_session_ends_when_nobody_used_it_for_a_while(client, person, clock):
    sign_in(client)
    clock.advance(minutes=29)
    assert client.get("/account/password").status_code == 200
    clock.advance(minutes=31)
    assert client.get("/account/password").status_code == 302


def test_a_cookie_of_an_ended_session_opens_nothing(client, person):
    sign_in(client)
    client.post("/sign-out")
    kept = db.session.query(SignInSession).filter_by(person_id=person.id).one()
    assert kept.ended_at is not None
    assert client.get("/account/password").status_code == 302


def test_a_session_from_before_signing_in_is_not_carried_over(client, person):
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as kept:
        assert "planted" not in kept


def test_the_first_password_is_changed_before_anything_else(client, app):
    make_person([Role.AGENT], login="new", password=PASSWORD, must_change_password=True)
    sign_in(client, login="new")
    assert client.get("/account/sessions").location in (None, "/account/password")
    weak = client.post("/account/password", data={"current": PASSWORD, "password": "short", "again": "short"})
    assert weak.status_code == 422
    changed = client.post(
        "/account/password",
        data={"current": PASSWORD, "password": "Another-horse-10", "again": "Another-horse-10"},
    )
    assert changed.status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//x", "", None],
)
def test_a_link_to_sign_in_leads_nowhere_else(elsewhere):
    assert safe_next(elsewhere) == "/"


@pytest.fixture
def with_csrf(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def test_who_is_signed_out_hears_that_and_not_that_the_page_is_old(with_csrf, client):
    answer = client.put("/cases/drafts/new", json={"data": {}, "version": 0})
    assert (answer.status_code, answer.json["title"]) == (401, "unauthorised")


def test_who_is_signed_in_and_sends_an_old_page_hears_that(with_csrf, sign_in):
    answer = sign_in(make_person([Role.AGENT])).put("/cases/drafts/new", json={"data": {}, "version": 0})
    assert (answer.status_code, answer.json["title"]) == (400, "stale form")
