"""Who hears which live message: a socket joins the rooms of its person, and others on demand if the person may.

A socket's rights are those at the time it connected. When its session ends, or the person's rights change, it is cut
off, whichever process holds it; a page that is still signed in connects again, with the rights of now. Who stands in
the room of a case asks anew after each change of the case.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from flask import request, session
from flask_socketio import ConnectionRefusedError, join_room, leave_room
from redis.exceptions import RedisError

from accounts import signals
from accounts.identity import current_person_or_none
from accounts.models import Person
from accounts.permissions import may, table
from accounts.roles import Role
from accounts.services.sessions import current_session
from config import clock
from config.extensions import db, redis_client, socketio
from config.settings import settings
from config.text import whole_number
from dispatch.models import Case
from dispatch.signals import case_changed

log = structlog.get_logger(__name__)

ROOMS_OF_ROLES: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("desk:dispatch", (Role.DISPATCHER,)),
    ("desk:review", (Role.REVIEWER,)),
    ("desk:callback", (Role.CALLBACK_AGENT,)),
    ("desk:missed", (Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK_AGENT)),
    ("desk:voicemail", (Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK_AGENT)),
    ("desk:supervision", (Role.SUPERVISION_OFFICER,)),
    ("floor", (Role.SHIFT_LEAD, Role.MANAGER)),
)
"""The standing rooms of each role."""

WORKS_IN_DEPARTMENT = (Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER)


def rooms_of(person: Person) -> list[str]:
    """The rooms a person's sockets stand in from the beginning."""
    rooms = [f"person:{person.id}"]
    rooms += [room for room, roles in ROOMS_OF_ROLES if person.has_role(*roles)]
    if "board:view" in table() and may(person, "board:view"):
        rooms.append("board")
    granted = {g.department_id for g in person.grants if g.role in WORKS_IN_DEPARTMENT and g.department_id}
    if person.department_id and person.has_role(*WORKS_IN_DEPARTMENT):
        granted.add(person.department_id)
    return rooms + [f"department:{number}" for number in sorted(granted)]


def may_join(person: Person, room: str) -> bool:
    """Whether `person` may stand in a room that is joined on demand."""
    kind, _, key = room.partition(":")
    check, number = _ON_DEMAND.get(kind), whole_number(key)
    return check is not None and number is not None and check(person, number)


def _may_see_case(person: Person, case_id: int) -> bool:
    case = db.session.get(Case, case_id)
    return case is not None and may(person, "case:view", case)


_ON_DEMAND: dict[str, Callable[[Person, int], bool]] = {"case": _may_see_case}


def connected(_auth: Any = None) -> None:
    """Refuse who is not signed in; give everybody else their rooms."""
    person = current_person_or_none()
    if person is None:
        raise ConnectionRefusedError("signed out")
    session["socket_person"] = person.id
    _enter(person)
    for room in rooms_of(person):
        join_room(room)
    db.session.remove()


def disconnected(*_reason: Any) -> None:
    """The register forgets it."""
    with suppress(RedisError):
        redis_client().hdel(_register(session.get("socket_person", 0)), request.sid)  # type: ignore[attr-defined]


def _enter(person: Person) -> None:
    """Write down which session this socket belongs to, where every process finds it."""
    kept = current_session()
    with suppress(RedisError):
        pipe = redis_client().pipeline()
        pipe.hset(_register(person.id), request.sid, str(kept.id if kept else 0))  # type: ignore[attr-defined]
        pipe.expire(_register(person.id), settings().session_hours * 3600)
        pipe.execute()


def _register(person_id: int) -> str:
    return f"live:sockets:{person_id}"


def cut_off(_sender: Any, *, person_id: int, session_id: int | None = None) -> None:
    """Close the person's sockets, or those of one session."""
    with suppress(RedisError):
        register: dict[Any, Any] = redis_client().hgetall(_register(person_id))
        for sid, of_session in register.items():
            if session_id is None or int(of_session) == session_id:
                socketio.server.disconnect(sid.decode(), namespace="/")
                redis_client().hdel(_register(person_id), sid)


def beat(*_rubbish: Any) -> dict[str, bool]:
    """An answer, so that the page knows how old its connection is."""
    return {"ok": True}


def join(room: Any = None, *_rubbish: Any) -> dict[str, bool]:
    """Stand in `case:<id>`; the answer says whether the person may."""
    try:
        person = db.session.get(Person, session.get("socket_person", 0))
        allowed = isinstance(room, str) and person is not None and may_join(person, room)
    finally:
        db.session.remove()
    if allowed:
        join_room(room)
    return {"ok": allowed}


def ask_again(_sender: Any, *, case_id: int, **_facts: Any) -> None:
    """Everybody leaves the room of a case that changed: it may have gone to another department. A page that heard of it
    asks to be let in again."""
    if clock.is_turned():  # history is being written
        return
    try:
        socketio.close_room(f"case:{case_id}", namespace="/")
    except Exception as error:
        log.warning("room_not_closed", case=case_id, error=str(error))


def leave(room: Any = None, *_rubbish: Any) -> dict[str, bool]:
    """Leave a room that was joined on demand; the standing rooms stay."""
    on_demand = isinstance(room, str) and room.partition(":")[0] in _ON_DEMAND
    if on_demand:
        leave_room(room)
    return {"ok": on_demand}


def init_app() -> None:
    """Hear these events. Asked for by every app that is made: each has a socket server of its own."""
    handlers = {"connect": connected, "disconnect": disconnected, "beat": beat, "join": join, "leave": leave}
    for event, handler in handlers.items():
        socketio.on_event(event, handler)
    signals.session_ended.connect(cut_off)
    signals.rights_changed.connect(cut_off)
    case_changed.connect(ask_again)
