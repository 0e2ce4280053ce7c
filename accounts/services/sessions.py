"""Being signed in: a row here, a random token in the browser's signed cookie."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import has_request_context, request, session

from accounts import signals
from accounts.models import Person, SignInSession
from config import clock
from config.extensions import db
from config.settings import settings
from config.transaction import transactional
from config.web.requests import client_address

SEEN_EVERY = timedelta(seconds=60)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transactional
def open_session(person: Person) -> dict[str, Any]:
    """A new session of `person`: what the cookie must hold."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    db.session.add(
        SignInSession(
            token_hash=_hash(token),
            person_id=person.id,
            started_at=at,
            seen_at=at,
            address=client_address(),
            agent=(request.user_agent.string[:200]) if has_request_context() else "",
        )
    )
    return {"_user_id": str(person.id), "_fresh": True, "token": token, "language": person.language}


def load_person(person_id: str) -> Person | None:
    """The person of the current cookie, if their session still lives (idle and longest time kept)."""
    token = session.get("token")
    if not token or not person_id.isdigit():
        return None
    kept = db.session.query(SignInSession).filter_by(token_hash=_hash(token)).one_or_none()
    at = clock.now()
    limits = settings()
    if kept is None or kept.ended_at is not None or kept.person_id != int(person_id):
        return None
    if at - kept.seen_at > timedelta(minutes=limits.idle_minutes) or at - kept.started_at > timedelta(
        hours=limits.session_hours
    ):
        return None
    if at - kept.seen_at > SEEN_EVERY:
        _mark_seen(kept)
    person = db.session.get(Person, kept.person_id)
    return person if person is not None and person.active else None


@transactional
def _mark_seen(kept: SignInSession) -> None:
    kept.seen_at = clock.now()


def current_session() -> SignInSession | None:
    """The row of this browser's session."""
    token = session.get("token")
    return db.session.query(SignInSession).filter_by(token_hash=_hash(token)).one_or_none() if token else None


def end_current(why: str) -> None:
    """End this browser's session, if it has one."""
    kept = current_session()
    if kept is not None and kept.ended_at is None:
        end_session(kept, why)


@transactional
def end_session(kept: SignInSession, why: str) -> None:
    """End one session."""
    kept.ended_at, kept.ended_why = clock.now(), why
    signals.tell_after_commit(signals.session_ended, person_id=kept.person_id, session_id=kept.id)


@transactional
def end_all_sessions(person: Person, why: str, but: SignInSession | None = None) -> int:
    """End every session of the person, except `but`. Returns how many."""
    ended = 0
    for kept in db.session.query(SignInSession).filter_by(person_id=person.id, ended_at=None):
        if but is None or kept.id != but.id:
            end_session(kept, why)
            ended += 1
    return ended
