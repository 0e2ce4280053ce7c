"""The second factor of privileged people: time-based codes (RFC 6238) and recovery codes."""

from __future__ import annotations

import hashlib

import pyotp
import segno
from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.roles import SEPARATED
from accounts.services.sessions import end_all_sessions
from config import clock, ids
from config.errors import Invalid, Refused
from config.extensions import db
from config.settings import settings
from config.transaction import transactional

RECOVERY_CODES = 8
STEP = 30  # seconds


def demanded(person: Person) -> bool:
    """Whether a role of this person demands one. People of the demonstration are exempt, only in a demonstration."""
    exempt = person.totp_exempt and settings().demo
    return person.has_role(*SEPARATED) and not exempt


def needed(person: Person) -> bool:
    """Whether this person signs in with a second factor."""
    return person.totp_secret is not None or demanded(person)


def new_secret() -> str:
    """A secret to be enrolled."""
    return pyotp.random_base32()


def picture(person: Person, secret: str) -> str:
    """The QR code for an authenticator app, as an SVG data address."""
    name = settings().city_name or "12345"
    address = pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=name)
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2)


@transactional
def enrol(person: Person, secret: str, code: str) -> list[str]:
    """Keep the secret once a code proves that the app has it. Returns recovery codes, shown once."""
    step = _matching_step(secret, code, 0)
    if step is None:
        raise Invalid(fields={"code": _("This code does not fit. Check the clock of your telephone.")})
    person.totp_secret, person.totp_last_step = secret, step
    audit.record("person:enrol_totp", person, ("person", person.id))
    return _new_recovery_codes(person)


@transactional
def renew_recovery_codes(person: Person, code: str) -> list[str]:
    """Eight new recovery codes for a code of the app; the old ones open nothing any more."""
    if not check(person, code):
        raise Invalid(fields={"code": _("This code does not fit, or was used before.")})
    audit.record("person:renew_recovery", person, ("person", person.id))
    return _new_recovery_codes(person)


def _new_recovery_codes(person: Person) -> list[str]:
    codes = [f"{ids.random_code(5)}-{ids.random_code(5)}" for _n in range(RECOVERY_CODES)]
    person.recovery_hashes = [_hash(_bare(one)) for one in codes]
    return codes


@transactional
def check(person: Person, code: str) -> bool:
    """Whether `code` fits: a code of the app, each one once, or a recovery code, each one once."""
    # Locked, so that of two requests with one code only one gets in.
    db.session.scalars(
        select(Person)
        .where(Person.id == person.id)
        .with_for_update(of=Person, key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    given = _bare(code)
    if person.totp_secret and (step := _matching_step(person.totp_secret, given, person.totp_last_step)):
        person.totp_last_step = step
        return True
    digest = _hash(given)
    if digest in person.recovery_hashes:
        person.recovery_hashes = [kept for kept in person.recovery_hashes if kept != digest]
        audit.record("person:use_recovery_code", person, ("person", person.id))
        return True
    return False


@transactional
def reset(by: Person, person: Person) -> None:
    """Take the second factor away, so that the person enrols anew at the next sign-in; they are signed out.

    The one who may do this may not reset passwords (accounts.access): nobody alone can take over an account that
    has a second factor.
    """
    if person.totp_secret is None:
        raise Refused(_("This person has no second factor."))
    end_all_sessions(person, "second factor reset")
    person.totp_secret, person.totp_last_step, person.recovery_hashes = None, 0, []
    audit.record("person:reset_totp", by, ("person", person.id))


def _matching_step(secret: str, code: str, after: int) -> int | None:
    """The time step whose code this is, one step early or late; never one that was used before."""
    if not (code.isascii() and code.isdigit()) or len(code) != 6:
        return None
    now = int(clock.now().timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (now - 1, now, now + 1):
        if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def _bare(code: str) -> str:
    """As it is kept: without the spaces and hyphens that help reading."""
    return "".join(code.split()).replace("-", "").upper()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
