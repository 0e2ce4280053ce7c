"""Signing in: the same answer and the same time for whoever does not exist, and a rest after too many tries."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.roles import Role
from accounts.services.passwords import check_strength, hash_password, verify_password
from config import clock
from config.errors import HotlineError, Invalid
from config.extensions import db
from config.settings import settings
from config.transaction import transaction, transactional

PRIVILEGED = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
"""Roles that sign in with a second factor."""


class SignInRefused(HotlineError):
    """Wrong login or password, a locked or a closed account: the person is told no more than they must know."""

    status = 401
    code = "sign-in-refused"


def check_password(login: str, password: str) -> Person:
    """The person whose login and password these are.

    SignInRefused otherwise. Every attempt counts against the account; at the limit it rests, and rests again from
    each further attempt, so that guessing never gets faster.
    """
    with transaction():
        person = db.session.scalar(
            select(Person).where(Person.login == login[:64].strip().lower()).with_for_update(of=Person)
        )
        right = verify_password(person.password_hash if person else "", password)
        at = clock.now()
        if person is not None and person.locked_until is not None and person.locked_until > at:
            refusal = _locked(person)
        elif person is None or not right or not person.active:
            refusal = _wrong(person)
        else:
            person.failed_attempts, person.locked_until = 0, None
            return person
    raise refusal


def _locked(person: Person) -> SignInRefused:
    audit.record("session:refuse", person, ("person", person.id), {"why": "locked"})
    return SignInRefused(_("Too many attempts. This account rests for a while; try again later."))


def _wrong(person: Person | None) -> SignInRefused:
    if person is not None:
        count_failure(person)
    return SignInRefused(_("Login or password is wrong."))


@transactional
def count_failure(person: Person) -> None:
    """One more wrong password or code; at the limit the account rests."""
    limits = settings()
    person.failed_attempts += 1
    if person.failed_attempts >= limits.lockout_attempts:
        person.locked_until = clock.now() + timedelta(minutes=limits.lockout_minutes)
        person.failed_attempts = 0
        audit.record("session:lock", person, ("person", person.id), {"minutes": limits.lockout_minutes})
    else:
        audit.record("session:refuse", person, ("person", person.id), {"why": "password"})


@transactional
def change_password(person: Person, current: str, new: str) -> None:
    """Change one's own password; Invalid names the field that is wrong."""
    if not verify_password(person.password_hash, current):
        raise Invalid(fields={"current": _("This is not your password.")})
    if current == new:
        raise Invalid(fields={"password": _("Choose another password than the old one.")})
    check_strength(new, person.login)
    person.password_hash = hash_password(new)
    person.must_change_password = False
    audit.record("person:change_password", person, ("person", person.id))


@transactional
def note_sign_in(person: Person) -> None:
    """Remember when they last came."""
    person.last_sign_in_at = clock.now()
    audit.record("session:open", person, ("person", person.id))
