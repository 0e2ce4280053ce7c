"""What a shift lead does to an agent from the floor: not ready, ready, signed off, a word sent. All audited."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select, update

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Invalid, Refused
from config.extensions import db
from config.live import tell
from config.transaction import transactional
from hotline.models import AgentMessage, AgentPresence
from hotline.services.agents import become_idle, become_not_ready, sign_off
from hotline.words import IN_CALL_STATES, NotReadyReason

LONGEST = 200


@transactional
def force_not_ready(lead: Person, agent: Person) -> AgentPresence:
    """Off the queue; in a call it begins after the wrap-up."""
    ensure(lead, "floor:lead", agent)
    audit.record("agent:force_not_ready", lead, subject=("person", agent.id))
    return become_not_ready(agent, NotReadyReason.FORCED)


@transactional
def force_ready(lead: Person, agent: Person) -> AgentPresence:
    """Back into the queue, out of a break or a wrap-up. Refused in a call."""
    ensure(lead, "floor:lead", agent)
    _not_in_a_call(agent)
    audit.record("agent:force_ready", lead, subject=("person", agent.id))
    return become_idle(agent)


@transactional
def force_sign_off(lead: Person, agent: Person) -> AgentPresence | None:
    """Away from the seat, of somebody who went home without signing off. Refused in a call."""
    ensure(lead, "floor:lead", agent)
    _not_in_a_call(agent)
    audit.record("agent:force_sign_off", lead, subject=("person", agent.id))
    return sign_off(agent)


@transactional
def send_message(lead: Person, agent: Person, words: str) -> AgentMessage:
    """A sentence that stays on the agent's call bar until they have read it."""
    ensure(lead, "floor:lead", agent)
    said = " ".join(words.replace("\x00", "").split())
    if not said or len(said) > LONGEST:
        raise Invalid(fields={"words": _("Write a sentence of at most %(n)s characters.", n=LONGEST)})
    message = AgentMessage(agent_id=agent.id, by_id=lead.id, words=said, at=clock.now())
    db.session.add(message)
    audit.record("agent:message", lead, subject=("person", agent.id))
    tell(f"person:{agent.id}", "message", {})
    return message


@transactional
def read_message(person: Person, number: int) -> None:
    """Read; somebody else's, or one that is read already, stays as it is."""
    ensure(person, "call:take")
    db.session.execute(
        update(AgentMessage)
        .where(AgentMessage.id == number, AgentMessage.agent_id == person.id, AgentMessage.read_at.is_(None))
        .values(read_at=clock.now())
    )


def unread_messages(person: Person) -> list[AgentMessage]:
    """Oldest first."""
    mine = select(AgentMessage).where(AgentMessage.agent_id == person.id, AgentMessage.read_at.is_(None))
    return list(db.session.scalars(mine.order_by(AgentMessage.id).limit(5)))


def _not_in_a_call(agent: Person) -> None:
    presence = db.session.scalars(
        select(AgentPresence).where(AgentPresence.agent_id == agent.id)
    ).one_or_none()
    if presence is not None and presence.state in IN_CALL_STATES:
        raise Refused(_("%(name)s is in a call.", name=agent.name))
