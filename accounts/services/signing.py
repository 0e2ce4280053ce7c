"""Signing in: the same answer and the same time for whoever does not exist, and a rest after too many tries."""

from __future__ import annotations

from datetime import timedelta

from flask import has_request_context
from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.services import attempts
from accounts.services.passwords import check_strength, hash_password, is_outdated, verify_password
from accounts.services.sessions import current_session, end_all_sessions
from config import clock
from config.errors import HotlineError, Invalid
from config.extensions import db
from config.settings import settings
from config.transaction import transaction, transactional
from config.web.requests import client_address


class SignInRefused(HotlineError):
    """Wrong login or password, a locked or a closed account: the person is told no more than they must know."""

    status = 401
    code = "sign-in-refused"


def check_password(login: str, password: str) -> Person:
    """The person whose login and password these are.

    SignInRefused otherwise. Every failure counts against the account and against the address it came from; at its
    limit each rests for a while, and a resting account is not even told whether the password was right.
    The lock (`key_share`) lets others go on writing down what this person did: a long import must not shut them out.
    """
    login = login.replace("\x00", "").strip().lower()[:64]
    with transaction():
        if attempts.rests(client_address()):
            refusal = _too_many()
        else:
            person = db.session.scalar(
                select(Person)
                .where(Person.login == login)
                .with_for_update(of=Person, key_share=True)
                .execution_options(populate_existing=True)
            )
            right = verify_password(person.password_hash if person else "", password)
            if person is not None and is_locked(person):
                audit.record("session:refuse", person, ("person", person.id), {"why": "locked"})
                refusal = _too_many()
            elif person is None or not right or not person.active:
                _count(person, "password")
                refusal = SignInRefused(_("Login or password is wrong."))
            else:
                person.failed_attempts, person.locked_until = 0, None
                if is_outdated(person.password_hash):
                    person.password_hash = hash_password(password)
                return person
    raise refusal


def is_locked(person: Person) -> bool:
    """Whether the account rests after too many failures."""
    return person.locked_until is not None and person.locked_until > clock.now()


def _too_many() -> SignInRefused:
    return SignInRefused(_("Too many attempts. Wait a while before you try again."))


@transactional
def count_wrong_code(person: Person) -> None:
    """A wrong code of the second factor counts like a wrong password."""
    _count(person, "second factor")


def _count(person: Person | None, why: str) -> None:
    if attempts.count_failure(client_address()):
        audit.record(
            "address:lock", None, ("address", client_address()), {"minutes": settings().lockout_minutes}
        )
    if person is None:
        return
    limits = settings()
    person.failed_attempts += 1
    if person.failed_attempts >= limits.lockout_attempts:
        person.failed_attempts = 0
        person.locked_until = clock.now() + timedelta(minutes=limits.lockout_minutes)
        audit.record("session:lock", person, ("person", person.id), {"minutes": limits.lockout_minutes})
    else:
        audit.record("session:refuse", person, ("person", person.id), {"why": why})


@transactional
def change_password(person: Person, current: str, new: str) -> None:
    """Change one's own password; Invalid names the field that is wrong. Other browsers are signed out."""
    if not verify_password(person.password_hash, current):
        raise Invalid(fields={"current": _("This is not your password.")})
    if current == new:
        raise Invalid(fields={"password": _("Choose another password than the old one.")})
    check_strength(new, person.login)
    person.password_hash = hash_password(new)
    person.must_change_password = False
    here = current_session() if has_request_context() else None
    end_all_sessions(person, "password changed", but=here)
    audit.record("person:change_password", person, ("person", person.id))


@transactional
def note_sign_in(person: Person) -> None:
    """Remember when they last came."""
    person.last_sign_in_at = clock.now()
    audit.record("session:open", person, ("person", person.id))
