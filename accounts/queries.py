"""Reads of people, departments, sessions and the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from accounts.models import ApiToken, AuditEntry, Department, Person, RoleGrant, SignInSession
from accounts.roles import Role

PEOPLE_KEYS: Sequence[Any] = (Person.login.asc(),)
TRAIL_KEYS: Sequence[Any] = (AuditEntry.id.desc(),)


def departments_under(department: Department) -> Select[Any]:
    """`department` and all below it, in the order of the tree."""
    return (
        select(Department)
        .where(Department.path.startswith(department.path, autoescape=True))
        .order_by(Department.path)
    )


def department_tree() -> Select[Any]:
    """All departments, each after its parent."""
    return select(Department).order_by(Department.path)


def people(text: str = "", role: Role | None = None, department: Department | None = None) -> Select[Any]:
    """People by login; narrowed by name or login, role, and department with all below."""
    statement = select(Person)
    if text:
        like = text.replace("\x00", "")[:60]
        statement = statement.where(
            or_(
                Person.login.contains(like.lower(), autoescape=True),
                Person.name.contains(like, autoescape=True),
                Person.staff_no.startswith(like, autoescape=True),
            )
        )
    if role:
        statement = statement.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == role)))
    if department:
        ids = departments_under(department).with_only_columns(Department.id).order_by(None)
        statement = statement.where(Person.department_id.in_(ids))
    return statement


def live_sessions(person: Person) -> Select[Any]:
    """Where the person is signed in, newest first."""
    return (
        select(SignInSession)
        .where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.seen_at.desc())
        .limit(50)
    )


def tokens() -> Select[Any]:
    """All API tokens, newest first."""
    return select(ApiToken).order_by(ApiToken.id.desc())


@dataclass(frozen=True)
class TrailFilter:
    """What the trail is narrowed by."""

    verb: str = ""
    person_id: int | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def trail(filters: TrailFilter) -> Select[Any]:
    """The audit trail, newest first."""
    statement = select(AuditEntry)
    if filters.verb:
        statement = statement.where(AuditEntry.verb == filters.verb)
    if filters.person_id is not None:
        statement = statement.where(AuditEntry.person_id == filters.person_id)
    if filters.subject:
        kind, _colon, key = filters.subject.replace("\x00", "").partition(":")
        statement = statement.where(AuditEntry.subject_type == kind[:32])
        if key:
            statement = statement.where(AuditEntry.subject_id == key[:64])
    if filters.since:
        statement = statement.where(AuditEntry.at >= filters.since)
    if filters.until:
        statement = statement.where(AuditEntry.at < filters.until)
    return statement
