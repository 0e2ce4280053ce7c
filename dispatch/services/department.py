"""In the department: sign, hand down, make contact, log, write the reply, release it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from config import clock
from config.errors import Invalid
from config.extensions import db
from config.phones import normalise_phone
from dispatch.models import AssignmentRole, Attachment, Case, Reply, ReplyState
from dispatch.services.desk import assign, find_department
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action


def sign_case(person: Person, case: Case, version: int | None = None) -> Case:
    """Sign for the case."""
    return perform(case.id, Action.SIGN, person, version=version)


def hand_down_case(person: Person, case: Case, department: int | str, note: str = "") -> Case:
    """Give a department below a part in it; the lead stays answerable."""
    return perform(case.id, Action.HAND_DOWN, person, {"department": department, "note": note})


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


@effect(Action.HAND_DOWN)
def _handed_down(deed: Deed) -> None:
    department = find_department(deed.data["department"], "department")
    lead = deed.case.lead_department
    if lead is None or department.id == lead.id or not department.is_under(lead):
        raise Invalid(fields={"department": _("A case is handed down to a department below.")})
    assign(deed.case, department, AssignmentRole.BELOW, deed, deed.get("note", ""))
    deed.text, deed.facts = deed.get("note", ""), {"department": department.name}


@effect(Action.RECORD_CONTACT)
def _contacted(deed: Deed) -> None:
    deed.case.contacted_at = deed.case.contacted_at or deed.at
    deed.text = deed.data["note"]


@effect(Action.LOG_PROGRESS)
def _progressed(deed: Deed) -> None:
    deed.text, deed.internal = deed.data["note"], True


@effect(Action.WRITE_REPLY)
def _written(deed: Deed) -> None:
    case, data = deed.case, deed.data
    text = str(data["public_text"]).strip()
    if not text:
        raise Invalid(fields={"public_text": _("This is needed.")})
    contacted_at = data.get("contacted_at")
    if contacted_at is not None and contacted_at > clock.now():
        raise Invalid(fields={"contacted_at": _("This lies in the future.")})
    reply = waiting_reply(case) or Reply(case_id=case.id, department_id=case.lead_department_id)
    reply.written_at, reply.written_by_id = deed.at, deed.person.id
    reply.state = ReplyState.WRITTEN
    reply.public_text = text
    reply.internal_text = data.get("internal_text", "")
    reply.claim_true, reply.solved = data.get("claim_true"), data.get("solved")
    reply.beyond_duty = bool(data.get("beyond_duty", False))
    reply.why_not = data.get("why_not", "")
    reply.contacted_at = contacted_at
    number = data.get("contacted_number")
    reply.contacted_number = normalise_phone(number) if number else None
    db.session.add(reply)
    db.session.flush()
    for file_id in data.get("attachment_ids", ()):
        db.session.add(
            Attachment(
                case_id=case.id,
                reply_id=reply.id,
                file_id=file_id,
                added_at=deed.at,
                added_by_id=deed.person.id,
            )
        )
    if contacted_at is not None:
        case.contacted_at = case.contacted_at or contacted_at
    case.reply_waiting = True
    deed.internal = True


def waiting_reply(case: Case) -> Reply | None:
    """The reply that waits to be released."""
    return db.session.scalar(
        select(Reply).where(Reply.case_id == case.id, Reply.state == ReplyState.WRITTEN).limit(1)
    )


@effect(Action.RELEASE_REPLY)
def _released(deed: Deed) -> None:
    reply = waiting_reply(deed.case)
    assert reply is not None, "the table asked for a waiting reply"
    reply.state, reply.released_at, reply.released_by_id = ReplyState.RELEASED, deed.at, deed.person.id
    deed.case.reply_waiting = False
    deed.case.replied_at = deed.at
    deed.text = reply.public_text
    deed.facts = {"solved": reply.solved, "claim_true": reply.claim_true}
    lapse_requests(deed)


def lapse_requests(deed: Deed) -> None:
    """Requests that nobody ruled on have no object any more."""
    from dispatch.services.requests import lapse

    lapse(deed)


@effect(Action.RETURN_REPLY)
def _returned(deed: Deed) -> None:
    reply = waiting_reply(deed.case)
    assert reply is not None, "the table asked for a waiting reply"
    reply.state, reply.remark = ReplyState.SENT_BACK, deed.data["reason"]
    deed.case.reply_waiting = False
    deed.text, deed.internal = deed.data["reason"], True
