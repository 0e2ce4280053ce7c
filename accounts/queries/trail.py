"""Reads of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from accounts.models import AuditCheck, AuditEntry, Person
from config.extensions import db

TRAIL_KEYS: Sequence[Any] = (AuditEntry.id.desc(),)


@dataclass(frozen=True)
class TrailFilter:
    """What the trail is narrowed by. `subject` is a type, or `type:id`."""

    verb: str = ""
    login: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def trail(filters: TrailFilter) -> Select[Any]:
    """The audit trail."""
    statement = select(AuditEntry)
    if filters.verb:
        statement = statement.where(AuditEntry.verb == filters.verb.replace("\x00", ""))
    if filters.login:
        login = filters.login.replace("\x00", "").strip().lower()
        statement = statement.where(AuditEntry.person_id.in_(select(Person.id).where(Person.login == login)))
    if filters.subject:
        kind, _colon, key = filters.subject.replace("\x00", "").strip().partition(":")
        statement = statement.where(AuditEntry.subject_type == kind[:32])
        if key:
            statement = statement.where(AuditEntry.subject_id == key[:64])
    if filters.since:
        statement = statement.where(AuditEntry.at >= filters.since)
    if filters.until:
        statement = statement.where(AuditEntry.at < filters.until)
    return statement


def last_check() -> AuditCheck | None:
    """The check of the chain that was asked for last."""
    found: AuditCheck | None = db.session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))
    return found


def last_finished_check() -> AuditCheck | None:
    """The newest of which is known what it found."""
    ended = (
        select(AuditCheck).where(AuditCheck.finished_at.is_not(None)).order_by(AuditCheck.id.desc()).limit(1)
    )
    found: AuditCheck | None = db.session.scalar(ended)
    return found
