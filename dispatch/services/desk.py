"""The dispatch desk: to whom a case goes, or why it goes to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from accounts.models import Department, Person
from config.errors import Invalid, Refused
from config.extensions import db
from config.text import whole_number
from dispatch.models import Assignment, AssignmentRole, Case
from dispatch.rules import limit_for
from dispatch.services.perform import Deed, effect, lock, perform
from dispatch.workflow import MERGEABLE_STATES, Action, ClockKind
from dispatch.workflow.conditions import DESIGNATED_AT


def dispatch_case(
    person: Person,
    case: Case,
    lead: int | str,
    assisting: Iterable[int | str] = (),
    advice: str = "",
    version: int | None = None,
) -> Case:
    """Send to one lead department and any number of assisting ones (ids or codes)."""
    data = {"lead": lead, "assisting": list(assisting), "advice": advice}
    return perform(case.id, Action.DISPATCH, person, data, version)


def send_back_to_agent(person: Person, case: Case, reason: str, version: int | None = None) -> Case:
    """Back to the agent for more."""
    return perform(case.id, Action.SEND_BACK, person, {"reason": reason}, version)


def merge_case(person: Person, case: Case, master: str, version: int | None = None) -> Case:
    """Merge into the open case with number `master`, which keeps the clock."""
    return perform(case.id, Action.MERGE, person, {"master": master}, version)


def not_accept_case(
    person: Person, case: Case, reason_code: str, route: str, version: int | None = None
) -> Case:
    """Do not accept; the code (a `NotAcceptedReason`) and the route told to the citizen are kept."""
    data = {"not_accepted_code": reason_code, "route": route}
    return perform(case.id, Action.NOT_ACCEPT, person, data, version)


def find_department(key: int | str, field: str = "lead") -> Department:
    """An active department by id or code; Invalid naming `field` otherwise."""
    text = str(key).strip()
    number = whole_number(text)
    where = Department.id == number if number is not None else Department.code == text
    department = db.session.scalar(select(Department).where(where, Department.active))
    if department is None and number is not None:
        department = db.session.scalar(select(Department).where(Department.code == text, Department.active))
    if department is None:
        raise Invalid(fields={field: _("There is no such department.")})
    return department


@effect(Action.DISPATCH)
def _dispatched(deed: Deed) -> None:
    case = deed.case
    lead = find_department(deed.data["lead"])
    named = [find_department(key, "assisting") for key in deed.get("assisting", [])]
    others = {department.id: department for department in named if department.id != lead.id}
    case.lead_department = lead
    case.lead_department_id = lead.id  # clocks are started before the flush that would fill it
    case.dispatch_count += 1
    case.dispatched_at, case.signed_at = deed.at, None
    case.return_forbidden = case.return_forbidden or case.dispatch_count >= DESIGNATED_AT
    advice = deed.get("advice", "")
    limit = limit_for(ClockKind.HANDLING, case)
    assign(case, lead, AssignmentRole.LEAD, deed, advice, limit.due(deed.at))
    for department in others.values():
        assign(case, department, AssignmentRole.ASSIST, deed, advice, limit.shorter().due(deed.at))
    deed.text = advice
    deed.facts = {"lead": lead.name, "assisting": ", ".join(d.name for d in others.values())}


def assign(
    case: Case, department: Department, role: AssignmentRole, deed: Deed, advice: str, due_at: datetime
) -> None:
    """Give `department` a part in the case."""
    db.session.add(
        Assignment(
            case_id=case.id,
            department_id=department.id,
            role=role,
            assigned_at=deed.at,
            assigned_by_id=deed.person.id,
            due_at=due_at,
            advice=advice,
        )
    )


@effect(Action.SEND_BACK)
def _sent_back(deed: Deed) -> None:
    deed.case.sent_back = True
    deed.text = deed.data["reason"]


@effect(Action.MERGE)
def _merged(deed: Deed) -> None:
    found = db.session.scalar(select(Case.id).where(Case.case_no == deed.data["master"]))
    if found is None or found == deed.case.id:
        raise Invalid(fields={"master": _("There is no such case to merge into.")})
    # Two people may merge two cases into each other at the same time: neither waits for the other.
    master = lock(found, wait=False)
    if master.state not in MERGEABLE_STATES:
        raise Refused(_("The case %(no)s is not open; it cannot take in another one.", no=master.case_no))
    # Those who follow this case follow its master from now on.
    db.session.execute(
        update(Case).where(Case.master_case_id == deed.case.id).values(master_case_id=master.id)
    )
    deed.case.master_case_id = master.id
    deed.text, deed.facts = deed.get("note", ""), {"master": master.case_no}


@effect(Action.NOT_ACCEPT)
def _not_accepted(deed: Deed) -> None:
    deed.case.not_accepted_code = deed.data["not_accepted_code"]
    deed.case.route_told = deed.data["route"]
    deed.text = deed.data["route"]
    deed.facts = {"not_accepted_code": deed.data["not_accepted_code"].value}
