"""Passwords: argon2id, and what a good one is."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import gettext as _

from config import ids
from config.errors import Invalid

LEAST = 10
# OWASP's second choice of argon2id parameters: 19 MiB, two passes; about 30 ms on a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """Made when first asked for: every program that starts would spend those 30 ms."""
    return _hasher.hash("nobody has this password")


def verify_password(password_hash: str, password: str) -> bool:
    """Whether it matches; takes as long for a person who does not exist (empty hash)."""
    compared = password_hash or _nobody()
    try:
        _hasher.verify(compared, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's, and should be made anew."""
    return _hasher.check_needs_rehash(password_hash)


def first_password() -> str:
    """A password for the first sign-in, easy to read out: it must be changed there."""
    return f"{ids.random_code(4)}-{ids.random_code(4).lower()}-{ids.random_code(4)}"


def check_strength(password: str, login: str) -> None:
    """Invalid unless long enough, of three kinds of characters, and not the login."""
    kinds = sum(
        any(test(c) for c in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    if len(password) < LEAST or kinds < 3:
        raise Invalid(
            fields={
                "password": _(
                    "At least %(n)s characters, with three of: small letters, capitals, digits, signs.",
                    n=LEAST,
                )
            }
        )
    if login.lower() in password.lower():
        raise Invalid(fields={"password": _("The password may not contain the login.")})
