"""Tokens of switches: made, looked up, revoked."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound
from config.extensions import db
from config.ids import secret_token
from config.transaction import transactional
from hotline.telephony.cti.models import CtiLine

LONGEST_NAME = 80
USED_EVERY = timedelta(minutes=1)


@transactional
def make_line(name: str, person: Person | None = None) -> str:
    """A line of that name; its token, which is told once and kept nowhere. Conflict if the name is taken."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(fields={"name": _("A name of at most 80 characters.")})
    if db.session.scalar(select(CtiLine.id).where(CtiLine.name == name)) is not None:
        raise Conflict(_("There is a line of that name already."))
    token = secret_token()
    line = CtiLine(name=name, token_hash=_hashed(token), created_at=clock.now())
    db.session.add(line)
    db.session.flush()
    audit.record("cti:make", person, subject=("cti_line", line.id), detail={"name": name})
    return token


@transactional
def revoke_line(person: Person | None, line_id: int) -> CtiLine:
    """What this switch sends is refused from now on. What it told stays."""
    if person is not None:
        ensure(person, "queue:save")
    line = db.session.scalars(select(CtiLine).where(CtiLine.id == line_id).with_for_update()).one_or_none()
    if line is None:
        raise NotFound(_("There is no such line."))
    if line.revoked_at is None:
        line.revoked_at = clock.now()
        audit.record("cti:revoke", person, subject=("cti_line", line.id), detail={"name": line.name})
    return line


def line_of(token: str) -> CtiLine:
    """Whose token it is; NotFound, as for any other address that does not exist."""
    line = db.session.scalars(select(CtiLine).where(CtiLine.token_hash == _hashed(token))).one_or_none()
    if line is None or line.revoked_at is not None:
        raise NotFound(_("There is no such line."))
    return line


@transactional
def note_used(line: CtiLine) -> None:
    """When it spoke last, to the minute."""
    if line.used_at is None or clock.now() - line.used_at >= USED_EVERY:
        line.used_at = clock.now()


def all_lines() -> list[CtiLine]:
    """Those in use first."""
    return list(db.session.scalars(select(CtiLine).order_by(CtiLine.revoked_at.is_not(None), CtiLine.name)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
