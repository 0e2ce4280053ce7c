"""In the department: sign, hand down, make contact, log, write the reply, release it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from accounts.models import Person
from accounts.permissions import reaches
from config.errors import Invalid, Refused
from config.extensions import db
from config.phones import normalise_phone
from dispatch.clocks import Limit
from dispatch.models import Assignment, AssignmentRole, Case, Reply, ReplyState
from dispatch.roles import DEPARTMENT_ROLES
from dispatch.rules import limit_for
from dispatch.services.attachments import attach
from dispatch.services.desk import assign, find_department
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action, ClockKind


def sign_case(person: Person, case: Case, version: int | None = None) -> Case:
    """Sign for the case."""
    return perform(case.id, Action.SIGN, person, version=version)


def hand_down_case(
    person: Person, case: Case, department: int | str, note: str = "", days: int | None = None
) -> Case:
    """Give a department below a part in it, on a shorter clock; the lead stays answerable."""
    data = {"department": department, "note": note, "days": days}
    return perform(case.id, Action.HAND_DOWN, person, data)


def report_back(person: Person, case: Case, note: str) -> Case:
    """An assisting or subordinate department answers to the lead; its part ends."""
    return perform(case.id, Action.REPORT_BACK, person, {"note": note})


def record_contact(person: Person, case: Case, note: str) -> Case:
    """The citizen was contacted."""
    return perform(case.id, Action.RECORD_CONTACT, person, {"note": note})


def log_progress(person: Person, case: Case, note: str) -> Case:
    """Note what was done."""
    return perform(case.id, Action.LOG_PROGRESS, person, {"note": note})


def write_reply(person: Person, case: Case, public_text: str, **more: Any) -> Case:
    """Write the reply: `claim_true`, `beyond_duty`, `contacted_number`, `contacted_at`, `solved`, `why_not`,
    `internal_text`, `attachment_ids`. It waits for release."""
    return perform(case.id, Action.WRITE_REPLY, person, {"public_text": public_text, **more})


def release_reply(person: Person, case: Case, version: int | None = None) -> Case:
    """Let the reply leave the department."""
    return perform(case.id, Action.RELEASE_REPLY, person, version=version)


def return_reply_to_officer(person: Person, case: Case, reason: str) -> Case:
    """Back to the officer who wrote it."""
    return perform(case.id, Action.RETURN_REPLY, person, {"reason": reason})


@effect(Action.SIGN)
def _signed(deed: Deed) -> None:
    deed.case.signed_at = deed.at
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.case_id == deed.case.id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
        )
        .values(officer_id=deed.person.id)
    )


@effect(Action.HAND_DOWN)
def _handed_down(deed: Deed) -> None:
    department = find_department(deed.data["department"], "department")
    lead = deed.case.lead_department
    if lead is None or department.id == lead.id or not department.is_under(lead):
        raise Invalid(fields={"department": _("A case is handed down to a department below.")})
    if open_part(deed.case, [department.id]) is not None:
        raise Refused(_("%(name)s already has a part in this case.", name=department.name))
    limit = limit_for(ClockKind.HANDLING, deed.case).shorter()
    if days := deed.get("days"):
        limit = Limit(days, limit.unit)
    due_at = min(limit.due(deed.at), deed.case.due_at or limit.due(deed.at))
    assign(deed.case, department, AssignmentRole.BELOW, deed, deed.get("note", ""), due_at)
    deed.text, deed.facts = deed.get("note", ""), {"department": department.name}


def open_part(case: Case, departments: Iterable[int]) -> Assignment | None:
    """The part that one of `departments` has in the case beside the lead."""
    return db.session.scalar(
        select(Assignment)
        .where(
            Assignment.case_id == case.id,
            Assignment.ended_at.is_(None),
            Assignment.role != AssignmentRole.LEAD,
            Assignment.department_id.in_(list(departments)),
        )
        .limit(1)
    )


@effect(Action.REPORT_BACK)
def _reported(deed: Deed) -> None:
    parts = db.session.scalars(
        select(Assignment).where(
            Assignment.case_id == deed.case.id,
            Assignment.ended_at.is_(None),
            Assignment.role != AssignmentRole.LEAD,
        )
    )
    part = next((p for p in parts if reaches(deed.person, p.department, *DEPARTMENT_ROLES)), None)
    if part is None:
        raise Refused(_("Your department has no part to report on."))
    part.report, part.ended_at, part.officer_id = deed.data["note"], deed.at, deed.person.id
    deed.text, deed.internal = deed.data["note"], True
    deed.facts = {"department": part.department.name}


@effect(Action.RECORD_CONTACT)
def _contacted(deed: Deed) -> None:
    contacted_at = _moment_of_contact(deed) or deed.at
    deed.case.contacted_at = deed.case.contacted_at or contacted_at
    deed.text = deed.data["note"]


def _moment_of_contact(deed: Deed) -> datetime | None:
    """When the citizen was contacted, as the department says; not before it had the case (forms know no seconds)."""
    at, since = deed.get("contacted_at"), deed.case.dispatched_at
    if at is not None and at > deed.at:
        raise Invalid(fields={"contacted_at": _("This lies in the future.")})
    if at is not None and since is not None and at < since.replace(second=0, microsecond=0):
        raise Invalid(fields={"contacted_at": _("This was before the case was dispatched.")})
    return at


@effect(Action.LOG_PROGRESS)
def _progressed(deed: Deed) -> None:
    deed.text, deed.internal = deed.data["note"], True


@effect(Action.WRITE_REPLY)
def _written(deed: Deed) -> None:
    case, data = deed.case, deed.data
    contacted_at = _moment_of_contact(deed)
    reply = waiting_reply(case) or Reply(case_id=case.id, department_id=case.lead_department_id)
    reply.written_at, reply.written_by_id = deed.at, deed.person.id
    reply.state = ReplyState.WRITTEN
    reply.public_text = data["public_text"]
    reply.internal_text = data.get("internal_text", "")
    reply.claim_true, reply.solved = data.get("claim_true"), data.get("solved")
    reply.beyond_duty = bool(data.get("beyond_duty", False))
    reply.why_not = data.get("why_not", "")
    reply.contacted_at = contacted_at
    reply.contacted_number = _called(data.get("contacted_number"))
    db.session.add(reply)
    db.session.flush()
    attach(case, data.get("attachment_ids", ()), deed.person, deed.at, reply.id)
    if contacted_at is not None:
        case.contacted_at = case.contacted_at or contacted_at
    case.reply_waiting = True
    deed.internal = True


def _called(number: str | None) -> str | None:
    try:
        return normalise_phone(number) if number else None
    except Invalid as error:
        raise Invalid(fields={"contacted_number": error.fields["phone"]}) from error


def waiting_reply(case: Case) -> Reply | None:
    """The reply that waits to be released."""
    return db.session.scalar(
        select(Reply).where(Reply.case_id == case.id, Reply.state == ReplyState.WRITTEN).limit(1)
    )


def drop_waiting_reply(case: Case) -> None:
    """The reply that was written and never released goes with the department that wrote it."""
    reply = waiting_reply(case)
    if reply is not None:
        reply.state = ReplyState.SENT_BACK
    case.reply_waiting = False


@effect(Action.RELEASE_REPLY)
def _released(deed: Deed) -> None:
    reply = waiting_reply(deed.case)
    assert reply is not None, "the table asked for a waiting reply"
    reply.state, reply.released_at, reply.released_by_id = ReplyState.RELEASED, deed.at, deed.person.id
    deed.case.reply_waiting = False
    deed.case.replied_at = deed.at
    deed.text = reply.public_text
    deed.facts = {"solved": reply.solved, "claim_true": reply.claim_true}


@effect(Action.RETURN_REPLY)
def _returned(deed: Deed) -> None:
    reply = waiting_reply(deed.case)
    assert reply is not None, "the table asked for a waiting reply"
    reply.state, reply.remark = ReplyState.SENT_BACK, deed.data["reason"]
    deed.case.reply_waiting = False
    deed.text, deed.internal = deed.data["reason"], True
