"""Personal data on a case: shown masked, opened only by who may, and every opening is written down."""

from __future__ import annotations

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure, may
from config import clock
from config.extensions import db
from config.phones import mask_phone
from config.transaction import transactional
from dispatch.models import Case, CaseEvent


@transactional
def unmask_caller(person: Person, case: Case) -> str:
    """The number in full. The look is in the audit trail and on the case's timeline."""
    ensure(person, "case:unmask", case)
    audit.record("caller:unmask", person, ("case", case.id), {"case_no": case.case_no})
    db.session.add(
        CaseEvent(
            case_id=case.id,
            at=clock.now(),
            kind="unmask",
            from_state=case.state.value,
            to_state=case.state.value,
            person_id=person.id,
            department_id=person.department_id,
            internal=True,
        )
    )
    return case.contact_phone or ""


def shown_phone(person: Person, case: Case) -> str:
    """What this person sees without asking: masked, or nothing where the citizen asked for confidence."""
    if not case.contact_phone:
        return ""
    hidden = (case.confidential or case.anonymous) and not may(person, "case:unmask", case)
    return "" if hidden else mask_phone(case.contact_phone)


def shown_name(person: Person, case: Case) -> str:
    """Likewise the name: `张**`."""
    if not case.citizen_name:
        return ""
    if (case.confidential or case.anonymous) and not may(person, "case:unmask", case):
        return ""
    return case.citizen_name[0] + "*" * (len(case.citizen_name) - 1)
