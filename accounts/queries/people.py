"""Reads of people, where they are signed in, and API tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from accounts.models import ApiToken, Department, Person, RoleGrant, SignInSession
from accounts.queries.departments import departments_under
from accounts.roles import Role
from config import clock
from config.settings import settings

PEOPLE_KEYS: Sequence[Any] = (Person.login.asc(),)


def people(
    text: str = "",
    role: Role | None = None,
    department: Department | None = None,
    active: bool | None = True,
    scope: Sequence[str] = ("/",),
) -> Select[Any]:
    """People, narrowed by login, name or staff number, by role, by department with all below, by being active.

    `scope` are path prefixes an administrator's grants reach. API clients are not people: they stand with their tokens.
    """
    client = select(RoleGrant.person_id).where(RoleGrant.role == Role.API_CLIENT)
    statement = select(Person).where(_in_scope(scope), Person.id.not_in(client))
    if active is not None:
        statement = statement.where(Person.active.is_(active))
    if text := text.replace("\x00", "").strip()[:60]:
        statement = statement.where(
            or_(
                Person.login.contains(text.lower(), autoescape=True),
                Person.name.contains(text, autoescape=True),
                Person.staff_no.startswith(text, autoescape=True),
            )
        )
    if role:
        statement = statement.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == role)))
    if department:
        ids = departments_under(department).with_only_columns(Department.id).order_by(None)
        statement = statement.where(Person.department_id.in_(ids))
    return statement


def _in_scope(prefixes: Sequence[str]) -> ColumnElement[bool]:
    if "/" in prefixes:
        return true()
    under = or_(false(), *(Department.path.startswith(prefix, autoescape=True) for prefix in prefixes))
    return Person.department_id.in_(select(Department.id).where(under))


def live_sessions(person: Person) -> Select[Any]:
    """Where the person is signed in, last used first; without those that ended by themselves."""
    return (
        select(SignInSession)
        .where(SignInSession.person_id == person.id, SignInSession.ended_at.is_(None), ~session_is_over())
        .order_by(SignInSession.seen_at.desc())
        .limit(50)
    )


def session_is_over() -> ColumnElement[bool]:
    """Unused for too long, or open for too long."""
    at, limits = clock.now(), settings()
    return or_(
        SignInSession.seen_at < at - timedelta(minutes=limits.idle_minutes),
        SignInSession.started_at < at - timedelta(hours=limits.session_hours),
    )


def tokens() -> Select[Any]:
    """All API tokens."""
    return select(ApiToken)
