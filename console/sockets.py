"""Who hears which live message: a socket joins the rooms of its person, and others on demand if the person may.

A socket's rights are those at the time it connected or joined. A page that learns from a message asks the server
by an ordinary request, so a right that has been taken away shows nothing but that something changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import session
from flask_socketio import ConnectionRefusedError, join_room, leave_room

from accounts.identity import current_person_or_none
from accounts.models import Person
from accounts.permissions import may, table
from accounts.roles import Role
from config.extensions import db, socketio

log = structlog.get_logger(__name__)

ROOMS_OF_ROLES: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("desk:dispatch", (Role.DISPATCHER,)),
    ("desk:review", (Role.REVIEWER,)),
    ("desk:callback", (Role.CALLBACK_AGENT,)),
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
    check = _ON_DEMAND.get(kind)
    return check is not None and key.isdigit() and len(key) < 19 and check(person, int(key))


def _may_see_case(person: Person, case_id: int) -> bool:
    from dispatch.models import Case

    case = db.session.get(Case, case_id)
    return case is not None and may(person, "case:view", case)


_ON_DEMAND: dict[str, Callable[[Person, int], bool]] = {"case": _may_see_case}


def connected(_auth: Any = None) -> None:
    """Refuse who is not signed in; give everybody else their rooms."""
    person = current_person_or_none()
    if person is None:
        raise ConnectionRefusedError("signed out")
    session["socket_person"] = person.id
    for room in rooms_of(person):
        join_room(room)
    db.session.remove()


def beat() -> dict[str, bool]:
    """An answer, so that the page knows how old its connection is."""
    return {"ok": True}


def join(room: Any) -> dict[str, bool]:
    """Stand in `case:<id>`; the answer says whether the person may."""
    try:
        person = db.session.get(Person, session.get("socket_person", 0))
        allowed = isinstance(room, str) and person is not None and may_join(person, room)
    finally:
        db.session.remove()
    if allowed:
        join_room(room)
    return {"ok": allowed}


def leave(room: Any) -> dict[str, bool]:
    """Leave a room that was joined on demand; the standing rooms stay."""
    on_demand = isinstance(room, str) and room.partition(":")[0] in _ON_DEMAND
    if on_demand:
        leave_room(room)
    return {"ok": on_demand}


def init_app() -> None:
    """Hear these events. Asked for by every app that is made: each has a socket server of its own."""
    for event, handler in (("connect", connected), ("beat", beat), ("join", join), ("leave", leave)):
        socketio.on_event(event, handler)
