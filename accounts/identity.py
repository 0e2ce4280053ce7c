"""Who is acting: the signed-in person of a request, or whom a command or test acts as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context
from flask_babel import gettext as _
from flask_login import current_user

from accounts.models import Person
from config.errors import Unauthorised

_acting: ContextVar[Person | None] = ContextVar("acting_person", default=None)


def current_person() -> Person:
    """The person acting now; Unauthorised if there is none."""
    person = current_person_or_none()
    if person is None:
        raise Unauthorised(_("Please sign in."))
    return person


def current_person_or_none() -> Person | None:
    """The person acting now, or None."""
    acting = _acting.get()
    if acting is not None:
        return acting
    if not has_request_context():
        return None
    if token_person := g.get("api_person"):
        return token_person
    return current_user._get_current_object() if current_user.is_authenticated else None


@contextmanager
def acting_as(person: Person) -> Iterator[Person]:
    """Within the block, `person` acts."""
    token = _acting.set(person)
    try:
        yield person
    finally:
        _acting.reset(token)
