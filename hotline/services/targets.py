"""Whom a call can be taken to: a colleague, a queue, a number outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from accounts.models import Department, Person
from config.errors import Invalid, NotFound
from config.extensions import db
from config.phones import mask_phone, normalise_phone
from config.text import whole_number
from hotline.models import AgentPresence, CallQueue, Seat
from hotline.queries import waits_by_queue
from hotline.queries.loading import with_name
from hotline.words import AgentState

EMERGENCIES = (
    ("110", _l("Police")),
    ("119", _l("Fire brigade")),
    ("120", _l("Ambulance")),
    ("122", _l("Traffic accidents")),
)
"""Transferred to with one key (domain § 2)."""
CAN_BE_ASKED = (AgentState.IDLE, AgentState.NOT_READY)
AT_MOST = 12


@dataclass(frozen=True)
class Target:
    """One of three: a colleague by their number, a queue, or a telephone number in E.164 (short public ones as they
    are)."""

    agent_id: int | None = None
    queue: CallQueue | None = None
    number: str = ""

    def named(self) -> dict[str, Any]:
        """For the ladder."""
        if self.queue is not None:
            return {"queue": self.queue.name}
        return (
            {"agent_id": self.agent_id} if self.agent_id is not None else {"number": mask_phone(self.number)}
        )


def read_target(asked: dict[str, Any]) -> Target:
    """`{kind: agent | queue | number, value}`; Invalid names what is wrong, NotFound what is gone."""
    kind, value = asked.get("kind"), str(asked.get("value") or "").strip()[:40]
    if kind == "number":
        return Target(number=normalise_phone(value))
    key = whole_number(value)
    if kind in ("agent", "queue") and key is not None:
        if kind == "agent":
            return Target(agent_id=key)
        queue = db.session.get(CallQueue, key)
        if queue is None or not queue.active:
            raise NotFound(_("There is no such queue."))
        return Target(queue=queue)
    raise Invalid(fields={"value": _("Choose a colleague, a queue or a number.")})


def find_targets(person: Person, text: str) -> list[dict[str, str]]:
    """What somebody may mean who types `text`, best first: `{kind, value, label, note, hue}`."""
    found = [*_colleagues(person, text), *_queues(text), *_outside(text)]
    number = "".join(text.split())
    if whole_number(number.lstrip("+"), 20) is not None and 3 <= len(number) <= 20:
        found.insert(0, _row("number", number, number, _("Call this number"), "quiet"))
    return found


def _colleagues(person: Person, text: str) -> list[dict[str, str]]:
    wanted = (
        select(AgentPresence)
        .join(Person, Person.id == AgentPresence.agent_id)
        .join(Seat, Seat.id == AgentPresence.seat_id)
        .where(AgentPresence.state != AgentState.SIGNED_OUT, AgentPresence.agent_id != person.id)
        .options(with_name(AgentPresence.agent))
        .order_by(AgentPresence.state != AgentState.IDLE, Person.name, Person.id)
        .limit(AT_MOST)
    )
    if text:
        wanted = wanted.where(
            or_(Person.name.contains(text, autoescape=True), Seat.number.startswith(text, autoescape=True))
        )
    return [
        _row("agent", str(one.agent_id), one.agent.name, one.state.label, one.state.hue.value)
        for one in db.session.scalars(wanted)
    ]


def _queues(text: str) -> list[dict[str, str]]:
    return [
        _row("queue", str(queue.id), queue.name, _("%(n)s waiting", n=wait.waiting), "quiet")
        for queue, wait in waits_by_queue()
        if text.casefold() in queue.name.casefold()
    ][:AT_MOST]


def _outside(text: str) -> list[dict[str, str]]:
    emergencies = [
        _row("number", number, str(name), number, "late")
        for number, name in EMERGENCIES
        if not text or text in number or text in str(name)
    ]
    if not text:
        return emergencies
    wanted = (
        select(Department)
        .where(Department.active, Department.name.contains(text, autoescape=True))
        .order_by(Department.name)
        .limit(AT_MOST)
    )
    return emergencies + [
        _row("number", contact["phone"], department.name, contact["phone"], "quiet")
        for department in db.session.scalars(wanted)
        for contact in department.contacts
        if contact.get("phone")
    ]


def _row(kind: str, value: str, label: str, note: object, hue: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "label": label, "note": str(note), "hue": hue}
