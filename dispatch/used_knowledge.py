"""What the knowledge base asks of cases: to take down what was used for one, and where scripts may belong."""

from __future__ import annotations

from sqlalchemy import select

from accounts.models import Person
from accounts.permissions import may
from config import clock
from config.extensions import db
from dispatch.models import Case, CaseEvent
from dispatch.queries.catalogue import categories
from hotline.models import CallQueue
from knowledge_base.interfaces import Places, Used, record_on_case, script_places
from knowledge_base.words import UseKind


@record_on_case.register
def take_down(person: Person, case_no: str, used: Used) -> bool:
    """A line of the case's timeline, for those who work on it; what was only opened is no line."""
    case = db.session.scalar(select(Case).where(Case.case_no == case_no[:24]))
    if case is None or not may(person, "case:view", case):
        return False
    if used.kind is not UseKind.OPENED:
        facts = {"use": used.kind.value, "number": used.number, "title": used.title, "sent_to": used.sent_to}
        db.session.add(
            CaseEvent(
                case_id=case.id,
                at=clock.now(),
                kind="knowledge",
                person_id=person.id,
                department_id=person.department_id,
                internal=True,
                facts=facts,
            )
        )
    return True


@script_places.register
def places() -> Places:
    """Branches and leaves of the category tree, and the queues."""
    queues = db.session.execute(select(CallQueue.code, CallQueue.name).order_by(CallQueue.name))
    return Places(
        categories=[(row.code, f"{row.code} {row.name}") for row in db.session.scalars(categories())],
        queues=[(row.code, row.name) for row in queues],
    )
