"""One's own account: sessions, language, password, second factor."""

from __future__ import annotations

import pyotp
import pytest

from accounts.models import SignInSession
from accounts.roles import Role
from accounts.services import second_factor
from config.extensions import db
from tests.factories.accounts import make_person

PASSWORD = "Correct-horse-9"


@pytest.fixture
def person(app):
    return make_person([Role.AGENT], login="zhangmin", password=PASSWORD)


def session_of(person, n=0):
    rows = db.session.query(SignInSession).filter_by(person_id=person.id).order_by(SignInSession.id)
    return rows[n]


def test_a_person_sees_where_they_are_signed_in_and_ends_it(person, sign_in):
    lost, here = sign_in(person), sign_in(person)
    assert lost.get("/account").status_code == 200
    page = here.get("/account")
    assert page.text.count('/end"') == 1, "the session of this browser has no button"
    here.post(f"/account/sessions/{session_of(person).id}/end")
    assert lost.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.9", ""),
        ("", ""),
    ],
)
def test_a_session_is_told_by_its_browser(agent, shown):
    assert SignInSession(agent=agent).browser == shown


def test_all_other_sessions_end_at_one_press(person, sign_in):
    others, here = [sign_in(person) for _n in range(3)], sign_in(person)
    here.post("/account/sessions/end-others")
    assert [other.get("/account").status_code for other in others] == [302, 302, 302]
    assert here.get("/account").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(person, sign_in):
    sign_in(person)
    stranger = sign_in(make_person())
    assert stranger.post(f"/account/sessions/{session_of(person).id}/end").status_code == 404
    assert session_of(person).ended_at is None


def test_a_session_that_ended_by_itself_is_not_shown(person, sign_in, clock):
    sign_in(person)
    clock.advance(minutes=31)
    here = sign_in(person)
    assert '/end"' not in here.get("/account").text


def test_the_language_is_kept_for_every_machine(person, sign_in):
    here = sign_in(person)
    assert "我的账户" in here.get("/account").text
    here.post("/account/language", data={"language": "en"})
    assert person.language == "en"
    assert "My account" in here.get("/account").text
    assert "My account" in sign_in(person).get("/account").text
    assert here.post("/account/language", data={"language": "xx"}).status_code == 422


def test_a_new_password_signs_out_everywhere_else(person, sign_in):
    other, here = sign_in(person), sign_in(person)
    answer = here.post(
        "/account/password",
        data={"current": PASSWORD, "password": "Another-horse-10", "again": "Another-horse-10"},
    )
    assert answer.status_code == 302
    assert other.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("wrong", "Another-horse-10", "Another-horse-10"),
        (PASSWORD, "Another-horse-10", "Another-horse-11"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, "alllowercase", "alllowercase"),
        (PASSWORD, "Sh0rt!", "Sh0rt!"),
        (PASSWORD, "My-zhangmin-1", "My-zhangmin-1"),
    ],
)
def test_a_password_that_breaks_a_rule_changes_nothing(person, sign_in, current, new, again):
    before = person.password_hash
    answer = sign_in(person).post(
        "/account/password", data={"current": current, "password": new, "again": again}
    )
    assert answer.status_code == 422
    assert person.password_hash == before


def test_a_second_factor_of_ones_own_accord(person, sign_in, client, clock):
    here = sign_in(person)
    page = here.get("/account/second-factor")
    assert "data:image/svg+xml" in page.text
    with here.session_transaction() as kept:
        secret = kept["new_secret"]
    assert here.post("/account/second-factor", data={"code": "000000"}).status_code == 422
    assert person.totp_secret is None
    shown = here.post("/account/second-factor", data={"code": pyotp.TOTP(secret).at(clock.at)})
    assert shown.text.count("<li>") >= second_factor.RECOVERY_CODES
    assert here.get("/account/second-factor").status_code == 409
    asked = client.post("/sign-in", data={"login": "zhangmin", "password": PASSWORD})
    assert asked.location == "/sign-in/code"


def test_new_recovery_codes_make_the_old_ones_useless(person, sign_in, clock):
    secret = second_factor.new_secret()
    old = second_factor.enrol(person, secret, pyotp.TOTP(secret).at(clock.at))
    clock.advance(minutes=1)
    shown = sign_in(person).post("/account/recovery-codes", data={"code": pyotp.TOTP(secret).at(clock.at)})
    assert shown.status_code == 200
    assert not any(code in shown.text for code in old)
    assert not second_factor.check(person, old[0])
